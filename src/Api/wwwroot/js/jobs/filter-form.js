import { h } from '../dom.js';
import { call } from '../api.js';
import { datasetKey } from '../format.js';
import { isNarrow, states } from './filter.js';

const typingDelay = 250;

/** Search and filters, and a button apart that clears them. `changed(part, isTyping)` gets what is to be different; while somebody types, each letter is no step to come back to. */
export function filterForm(changed, signal) {
  let timer;
  const later = part => { clearTimeout(timer); timer = setTimeout(() => changed(part(), true), typingDelay); };
  signal.addEventListener('abort', () => clearTimeout(timer));

  const name = h('input', { type: 'search', id: 'filter-name', autocomplete: 'off', maxLength: 255, oninput: () => later(() => ({ name: name.value.trim() })) });
  const known = h('datalist', { id: 'filter-datasets' });
  const dataset = h('input', { type: 'search', id: 'filter-dataset', list: known.id, autocomplete: 'off', maxLength: 255, oninput: picked, onchange: applyDataset });
  const boxes = states.map(state => h('input', { type: 'checkbox', value: state, onchange: () => changed({ states: boxes.filter(box => box.checked).map(box => box.value) }, false) }));
  const clear = h('button', { type: 'button', hidden: true, onclick: () => clearAll() }, 'Clear the filter');
  const element = h('form', { class: 'job-filter', role: 'search', 'aria-label': 'Jobs', onsubmit: event => { event.preventDefault(); clearTimeout(timer); changed({ name: name.value.trim(), dataset: dataset.value.trim() }, false); } },
    h('div', { class: 'field' }, h('label', { for: name.id }, 'Label'), name),
    h('div', { class: 'field' }, h('label', { for: dataset.id }, 'Data set'), dataset, known),
    h('fieldset', {}, h('legend', {}, 'State'),
      h('div', { class: 'states' }, states.map((state, index) => h('label', {}, boxes[index], state)))),
    // It can also be submitted by Enter, which takes a button where there is more than one field.
    h('button', { type: 'submit', class: 'visually-hidden', tabIndex: -1 }, 'Search'));
  suggest();
  return { element, clear, show, clearAll };

  /** What is typed now stays. */
  function show(filter) {
    if (document.activeElement !== name) name.value = filter.name;
    if (document.activeElement !== dataset) dataset.value = filter.dataset;
    for (const box of boxes) box.checked = filter.states.includes(box.value);
    clear.hidden = !isNarrow(filter);
  }

  function clearAll() {
    clearTimeout(timer);
    name.value = dataset.value = '';
    name.focus();
    changed({ states: [], name: '', dataset: '' }, false);
  }

  function applyDataset() {
    changed({ dataset: dataset.value.trim() }, false);
  }

  /** A suggestion is whole, and so is nothing; what is being typed is not. */
  function picked() {
    if (dataset.value === '' || [...known.options].some(option => option.value === dataset.value)) applyDataset();
  }

  async function suggest() {
    try {
      const { items } = await call('datasets?limit=100', { signal });
      known.replaceChildren(...[...new Set(['synthetic', ...items.map(item => datasetKey(item.spec))])].map(value => h('option', { value })));
    } catch {
      // Without suggestions it can be typed.
    }
  }
}
