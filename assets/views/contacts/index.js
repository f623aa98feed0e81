// Patients: the list, one person, the form and the import, each loaded when first asked for.
import { loadStyle } from '../../kernel/dom.js';
import { scope } from '../../kernel/signal.js';
import { listPage } from './list.js';

await loadStyle('contacts');

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../router.js').View} View */

/** @param {Context} ctx @returns {Promise<(ctx: Context) => View>} */
async function pageFor({ params, route }) {
  if (route.peek().path === '/contacts/import') return (await import('./import/page.js')).importPage;
  if (!params.id) return listPage;
  if (params.id === 'new') return (await import('./form-page.js')).newPage;
  if (params.section === 'edit') return (await import('./form-page.js')).editPage;
  return (await import('./person.js')).personPage;
}

/** @param {Context} ctx @returns {Promise<View>} */
export async function view(ctx) {
  const page = await pageFor(ctx);
  // The wait lost the owner that the router gave; this scope ends with the view.
  const made = scope(() => page(ctx), { detached: true });
  const { dispose } = made.value;
  return { ...made.value, dispose: () => {
    dispose?.();
    made.dispose();
  } };
}
