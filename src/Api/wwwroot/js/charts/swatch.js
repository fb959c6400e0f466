import { svg } from '../dom.js';

/** A candidate's line in small. */
export const swatch = ({ colour, dash }) => svg('svg', { class: 'line-swatch', viewBox: '0 0 22 8', 'aria-hidden': 'true' },
  svg('line', { x1: 1, x2: 21, y1: 4, y2: 4, stroke: colour, 'stroke-width': 3, 'stroke-dasharray': dash }));
