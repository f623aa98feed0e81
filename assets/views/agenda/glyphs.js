// The agenda's own small drawings, one per status, cloned from prototypes so that hundreds of cards stay cheap.

const SVG = 'http://www.w3.org/2000/svg';
const RING = 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z';

/** Paths on a 24-px grid; `dash` draws the outline broken, `fill` fills it. @type {Record<string, {d: string, dash?: boolean, fill?: boolean}>} */
const SHAPES = {
  requested: { d: RING + 'M12 8v4.4l2.8 1.8', dash: true },
  booked: { d: RING },
  confirmed: { d: RING + 'M8.3 12.2l2.5 2.5 5-5.2' },
  arrived: { d: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.5-3.8 3.3-6 7.5-6s7 2.2 7.5 6z', fill: true },
  in_care: { d: 'M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4zm-2.2 5.2 6.4 4-6.4 4z', fill: true },
  done: { d: 'M2.5 12.8l4.5 4.5L16.2 7.5M12 16.4l1 .9L21.5 8' },
  no_show: { d: RING + 'M9 9l6 6M15 9l-6 6' },
  left: { d: 'M13.5 4.5H6v15h7.5M11 12h9.5M17 8.5l3.5 3.5-3.5 3.5' },
  cancelled_by_patient: { d: RING + 'M6.2 6.2l11.6 11.6' },
  cancelled_by_clinic: { d: RING + 'M6.2 6.2l11.6 11.6' },
  fit_in: { d: 'M4 9h11v11H4zM9 9V4h11v11h-5' },
  first: { d: 'M12 3.5l2.5 5.3 5.8.7-4.3 4 1.2 5.7L12 16.4l-5.2 2.8L8 13.5l-4.3-4 5.8-.7z', fill: true },
};

/** @type {Map<string, SVGSVGElement>} */
const prototypes = new Map();

/** @param {string} name */
function prototype(name) {
  const shape = SHAPES[name];
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'glyph' + (shape.fill ? ' glyph-fill' : ''));
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', shape.d);
  if (shape.fill) path.setAttribute('fill-rule', 'evenodd');
  if (shape.dash) path.setAttribute('stroke-dasharray', '3.2 2.6');
  svg.append(path);
  prototypes.set(name, svg);
  return svg;
}

/** @param {string} name a status, `fit_in` or `first` @returns {SVGSVGElement} */
export function glyph(name) {
  return /** @type {SVGSVGElement} */ ((prototypes.get(name) ?? prototype(name)).cloneNode(true));
}
