import { announce, h } from '../dom.js';
import { backboneRow } from './backbone-row.js';
import { withBackbones, withoutBackbones } from './chosen.js';
import { matches } from './families.js';

/** A family that folds: its backbones, how many are chosen, all and none. */
export function familySection({ name, members }, classes, files, edit) {
  const rows = members.map(backbone => backboneRow(backbone, classes, files, edit));
  const names = members.map(backbone => backbone.name);
  const list = h('ul', { id: `family-${name}`, class: 'backbones' }, rows.map(row => row.element));
  const chosen = h('span', { class: 'dim' });
  const fold = h('button', { type: 'button', class: 'fold', 'aria-controls': list.id, onclick: () => open(!isOpen) }, name);
  const element = h('section', { class: 'family', 'aria-label': `Family ${name}` },
    h('div', { class: 'family-head' }, h('h3', {}, fold), chosen,
      h('button', { type: 'button', class: 'quiet', 'aria-label': `All of ${name}`, onclick: all }, 'all'),
      h('button', { type: 'button', class: 'quiet', 'aria-label': `None of ${name}`, onclick: none }, 'none')),
    list);
  let isOpen = false, wanted = '', count = 0;
  unfold();
  return { element, open, search, show, hasChosen: () => count > 0 };

  function open(value) {
    isOpen = value;
    unfold();
  }

  /** Who searches sees what is found, folded or not. */
  function unfold() {
    const isUnfolded = isOpen || wanted !== '';
    fold.setAttribute('aria-expanded', String(isUnfolded));
    list.hidden = !isUnfolded;
  }

  /** How many match. */
  function search(text) {
    wanted = text;
    const found = rows.filter(row => {
      row.element.hidden = !matches(row.backbone, text);
      return !row.element.hidden;
    });
    element.hidden = found.length === 0;
    unfold();
    return found.length;
  }

  function show(spec, imageSize) {
    count = rows.filter(row => row.show(spec, imageSize)).length;
    chosen.textContent = `${count} of ${rows.length}`;
  }

  function all() {
    edit(candidates => withBackbones(candidates, names));
    announce(`All ${names.length} of ${name} chosen`);
  }

  function none() {
    edit(candidates => withoutBackbones(candidates, names));
    announce(`None of ${name} chosen`);
  }
}
