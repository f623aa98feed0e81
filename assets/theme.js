// Runs before the first paint, so that the chosen theme, density and language never flash.
(() => {
  try {
    const look = JSON.parse(localStorage.getItem('taskmed-look') ?? '{}');
    const root = document.documentElement;
    if (look.theme) root.dataset.theme = look.theme;
    if (look.density) root.dataset.density = look.density;
    if (look.language) root.lang = look.language;
  } catch {
    // Storage may be switched off; the defaults of the page stand.
  }
})();
