import { h, svg } from '../dom.js';

const width = 560, height = 290;
const margin = { left: 50, right: 14, top: 12, bottom: 38 };
const plot = { left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom };

/** Steps of 1, 2 or 5 times a power of ten, about five of them. */
function ticks(low, high) {
  const raw = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(factor => factor * power >= raw);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => +((first + i) * step).toPrecision(12));
}

const scale = (from, to) => value => to[0] + (value - from[0]) / (from[1] - from[0] || 1) * (to[1] - to[0]);

/**
 * Values against epochs, one curve per series, redrawn as a whole by update().
 * A series: { name, colour, dash, points: [{ x, y }] } with finite y, ordered by x.
 */
export function lineChart({ title, format, fromZero }) {
  const box = h('div', { class: 'chart-box' });
  const tip = h('div', { class: 'tip', hidden: true });
  let series = [], lastEpoch = 1;

  function update(next, epochs) {
    series = next.filter(line => line.points.length > 0);
    lastEpoch = Math.max(1, epochs, ...series.flatMap(line => line.points.map(point => point.x)));
    box.replaceChildren(draw(), tip);
  }

  function draw() {
    const values = series.flatMap(line => line.points.map(point => point.y));
    const high = Math.max(...values, fromZero && values.length === 0 ? 1 : -Infinity);
    const low = fromZero ? Math.min(0, ...values) : Math.min(...values);
    const y = scale(values.length ? [low, high + (high - low || 1) * 0.05] : [0, 1], [plot.bottom, plot.top]);
    const x = scale([0, lastEpoch], [plot.left, plot.right]);
    const hair = svg('line', { class: 'hair', y1: plot.top, y2: plot.bottom, visibility: 'hidden' });
    const picture = svg('svg', {
      class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img',
      'aria-label': `${title} against epoch. ${series.map(line => `${line.name}: ${format(line.points.at(-1).y)} at epoch ${line.points.at(-1).x}`).join('; ') || 'Nothing observed yet'}.`,
    },
      ticks(values.length ? low : 0, values.length ? high : 1).map(value => [
        svg('line', { class: 'grid', x1: plot.left, x2: plot.right, y1: y(value), y2: y(value) }),
        svg('text', { x: plot.left - 7, y: y(value) + 4, 'text-anchor': 'end' }, format(value))]),
      ticks(0, lastEpoch).filter(Number.isInteger).map(epoch =>
        svg('text', { x: x(epoch), y: plot.bottom + 16, 'text-anchor': 'middle' }, String(epoch))),
      svg('line', { class: 'axis', x1: plot.left, x2: plot.right, y1: plot.bottom, y2: plot.bottom }),
      svg('text', { x: (plot.left + plot.right) / 2, y: height - 5, 'text-anchor': 'middle' }, 'epoch'),
      series.map(line => [
        svg('polyline', { class: 'curve', stroke: line.colour, 'stroke-dasharray': line.dash, points: line.points.map(p => `${x(p.x)},${y(p.y)}`).join(' ') }),
        svg('circle', { cx: x(line.points.at(-1).x), cy: y(line.points.at(-1).y), r: 3, fill: line.colour })]),
      hair,
      values.length ? null : svg('text', { x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2, 'text-anchor': 'middle' }, 'Nothing observed yet'));
    picture.addEventListener('pointermove', event => {
      const bounds = picture.getBoundingClientRect();
      const epoch = Math.round((((event.clientX - bounds.left) / bounds.width * width) - plot.left) / (plot.right - plot.left) * lastEpoch);
      point(Math.min(Math.max(epoch, 0), lastEpoch), x, hair);
    });
    picture.addEventListener('pointerleave', () => { tip.hidden = true; hair.setAttribute('visibility', 'hidden'); });
    return picture;
  }

  function point(epoch, x, hair) {
    const found = series.map(line => ({ line, at: line.points.find(p => p.x === epoch) })).filter(({ at }) => at).sort((a, b) => b.at.y - a.at.y);
    tip.hidden = found.length === 0;
    hair.setAttribute('visibility', found.length === 0 ? 'hidden' : 'visible');
    hair.setAttribute('x1', x(epoch));
    hair.setAttribute('x2', x(epoch));
    tip.replaceChildren(h('strong', {}, `epoch ${epoch}`), ...found.map(({ line, at }) =>
      h('div', {}, h('span', { class: 'swatch', style: `background:${line.colour}` }), line.name, h('b', {}, format(at.y)))));
    const right = epoch > lastEpoch / 2;
    tip.style.left = right ? 'auto' : `${(x(epoch) + 10) / width * 100}%`;
    tip.style.right = right ? `${(width - x(epoch) + 10) / width * 100}%` : 'auto';
  }

  return { element: h('figure', { style: 'margin:0' }, h('figcaption', {}, h('h2', {}, title)), box), update };
}
