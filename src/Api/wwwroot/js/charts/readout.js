import { announce, h } from '../dom.js';

const quiet = 300;
const gap = 12;

/** What stands at one place of a chart, beside that place: `show({ x, y, title, rows: [{ name, colour, text }] })`; without y a line across the whole height. */
export function readout(chart) {
  const hair = h('div', { class: 'hair', hidden: true });
  const tip = h('div', { class: 'tip', hidden: true });
  chart.element.append(hair, tip);

  return {
    show({ x, y, title, rows }) {
      const { clientWidth, clientHeight } = chart.element;
      hair.hidden = tip.hidden = false;
      hair.classList.toggle('point', y !== undefined);
      hair.style.left = `${x}px`;
      hair.style.top = y === undefined ? '' : `${y}px`;
      tip.replaceChildren(h('strong', {}, title), ...rows.map(({ name, colour, text }) =>
        h('div', {}, colour ? h('span', { class: 'swatch', style: `background:${colour}` }) : null, h('span', {}, name), text ? h('b', {}, text) : null)));
      const isRight = x > clientWidth / 2;
      const room = (isRight ? x : clientWidth - x) - 2 * gap;
      const isNarrow = room < tip.offsetWidth;
      tip.style.left = isNarrow ? '0' : isRight ? 'auto' : `${x + gap}px`;
      tip.style.right = isNarrow || !isRight ? 'auto' : `${clientWidth - x + gap}px`;
      tip.style.top = `${isNarrow ? clientHeight + 4 : Math.max(0, Math.min((y ?? 0) - gap, clientHeight - tip.offsetHeight))}px`;
    },
    hide() {
      hair.hidden = tip.hidden = true;
    },
  };
}

const moves = {
  ArrowLeft: ['along', -1], ArrowRight: ['along', 1], PageDown: ['along', 10], PageUp: ['along', -10], Home: ['along', -Infinity], End: ['along', Infinity],
  ArrowUp: ['across', -1], ArrowDown: ['across', 1],
};

/** Reads a chart by keyboard and pointer: `along(step)`, `across(step)`, `at(x, y)` in pixels, `leave()`. What `text()` says then is told to screen readers, once one stays. */
export function readable(element, reader) {
  let timer;
  element.addEventListener('keydown', event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'Escape') return leave();
    if (!(event.key in moves)) return;
    event.preventDefault();
    const [direction, step] = moves[event.key];
    reader[direction](step);
    clearTimeout(timer);
    timer = setTimeout(() => announce(reader.text()), quiet);
  });
  const point = event => {
    const { left, top } = element.getBoundingClientRect();
    reader.at(event.clientX - left, event.clientY - top);
  };
  element.addEventListener('pointermove', point);
  element.addEventListener('pointerdown', point);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('blur', leave);

  function leave() {
    clearTimeout(timer);
    reader.leave();
  }
}

/** The place `step` after the one at `index` of so many; of none yet (-1) an end. */
export const moved = (index, step, count) => index >= 0 ? Math.min(Math.max(index + step, 0), count - 1) : (step > 0) === Number.isFinite(step) ? 0 : count - 1;
