import { announce, h } from '../dom.js';

export const least = 2, most = 4;

/** Jobs chosen to be compared, id → label. They stay chosen on other pages of the list, and when one comes back to it. */
const chosen = new Map();

/** The checkboxes of rows, and what can be done with those that are checked. */
export function selection() {
  const names = h('ul', { class: 'chosen' });
  const advice = h('span', { class: 'dim' });
  const compare = h('a', { class: 'button primary' }, 'Compare');
  const element = h('section', { class: 'panel selection', 'aria-label': 'Jobs to compare', hidden: true },
    names, h('div', { class: 'row' }, advice, compare, h('button', { type: 'button', onclick: clear }, 'Select none')));
  const boxes = new Map();
  show();
  return { element, boxOf };

  function boxOf(id, label) {
    if (!boxes.has(id)) {
      boxes.set(id, h('input', {
        type: 'checkbox', checked: chosen.has(id), 'aria-label': `Select ${label} to compare`,
        onchange: ({ target }) => { if (target.checked) chosen.set(id, label); else chosen.delete(id); show(); announce(sentence()); },
      }));
    }
    return boxes.get(id);
  }

  function show() {
    element.hidden = chosen.size === 0;
    names.replaceChildren(...[...chosen].map(([id, label]) => h('li', {}, h('button', { type: 'button', 'aria-label': `Deselect ${label}`, onclick: () => drop(id) }, label, h('span', { 'aria-hidden': 'true' }, ' ×')))));
    advice.textContent = sentence();
    compare.hidden = chosen.size < least || chosen.size > most;
    compare.setAttribute('href', `#/compare?jobs=${[...chosen.keys()].join(',')}`);
  }

  /** The button that was pressed goes; who pressed it goes on at the next one, or at the job's own box. */
  function drop(id) {
    const place = [...chosen.keys()].indexOf(id);
    chosen.delete(id);
    uncheck(id);
    show();
    const left = names.querySelectorAll('button');
    (left[Math.min(place, left.length - 1)] ?? connected(id))?.focus();
    announce(sentence());
  }

  function clear() {
    const [first] = chosen.keys();
    for (const id of chosen.keys()) uncheck(id);
    chosen.clear();
    show();
    connected(first)?.focus();
    announce(sentence());
  }

  function uncheck(id) {
    if (boxes.has(id)) boxes.get(id).checked = false;
  }

  function connected(id) {
    const box = boxes.get(id);
    return box?.isConnected ? box : document.getElementById('main');
  }

  function sentence() {
    if (chosen.size === 0) return 'None selected.';
    if (chosen.size < least) return `1 selected: select another one to compare them.`;
    return chosen.size > most ? `${chosen.size} selected: at most ${most} can be compared.` : `${chosen.size} selected.`;
  }
}
