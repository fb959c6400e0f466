import { h } from '../dom.js';
import { swatch } from '../charts/swatch.js';

/**
 * The candidates with their values at an epoch; the buttons say which are shown.
 * `quantities`: [{ name, field, from, format }], as the charts show them.
 */
export function valueList(candidates, observed, quantities) {
  const title = h('h3', {});
  const rows = candidates.names.map(name => {
    const values = quantities.map(() => h('span', { class: 'value' }));
    const failed = h('small', { class: 'dim', hidden: true }, 'failed');
    const button = h('button', { type: 'button', 'aria-pressed': 'true', onclick: () => candidates.toggle(name) },
      swatch(candidates.styleOf(name)), h('span', { class: 'name', title: name }, name), failed);
    return { name, values, failed, button, element: h('li', { 'data-candidate': name }, button, values) };
  });
  candidates.subscribe(() => rows.forEach(({ name, button }) => button.setAttribute('aria-pressed', String(candidates.isShown(name)))));

  return {
    element: h('div', { class: 'values', role: 'group', 'aria-label': 'Curves shown' },
      h('div', { class: 'panel-head' }, title, h('span', { class: 'dim' }, `${quantities.map(({ name }) => name).join(' and ')}: mean over the repeats, least to greatest`)),
      h('ul', {}, rows.map(({ element }) => element))),
    /** Null: each candidate's last one. */
    show(epoch) {
      title.textContent = epoch === null ? 'Last epoch seen' : `Epoch ${epoch}`;
      for (const { name, values, failed } of rows) {
        failed.hidden = !observed.hasFailed(name);
        const at = epoch === null ? observed.curve(name).at(-1) : observed.at(name, epoch);
        quantities.forEach((quantity, i) => values[i].replaceChildren(...cell(quantity, at)));
      }
    },
  };
}

function cell({ name, field, from, format }, point) {
  const spread = point && point.epoch >= from ? point[field] : null;
  return [h('span', { class: 'visually-hidden' }, ` ${name} `), spread ? format(spread.mean) : '–', spread && spread.count > 1 ? h('small', { class: 'dim' }, range(spread, format)) : ''];
}

export const range = ({ low, high }, format) => `${format(low).replace(/ %$/, '')} – ${format(high)}`;
