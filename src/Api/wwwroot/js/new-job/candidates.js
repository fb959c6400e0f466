import { announce, h } from '../dom.js';
import { count } from '../format.js';
import { candidatesOf, onlyBackbones } from './chosen.js';
import { familiesOf, imageSizeOf, presets } from './families.js';
import { familySection } from './family-section.js';
import { otherCandidates } from './other-candidates.js';
import { weightsFiles } from './weights.js';

/** Which backbones take part. Built once; then every element stays where it is, with the focus that it may have. */
export function candidatePicker(text) {
  const files = weightsFiles();
  const chosen = h('span', { class: 'dim' });
  const search = h('input', { type: 'search', id: 'backbone-search', autocomplete: 'off', spellcheck: 'false', placeholder: 'resnet 50', oninput: find });
  const shortcuts = h('div', { class: 'row' });
  const classesNote = h('p', { class: 'dim' });
  const list = h('div', { class: 'families' }, h('p', { class: 'dim' }, 'Loading the backbones…'));
  const others = otherCandidates(text);
  let families = [], classes = [], isUnfolded = false;

  const element = h('section', { class: 'panel candidates', 'aria-labelledby': 'candidates-title' },
    h('div', { class: 'panel-head' }, h('h2', { id: 'candidates-title' }, 'Candidates'), chosen),
    h('div', { class: 'row' }, h('label', { for: search.id }, 'Search'), search),
    shortcuts, list, others.element, files.element, classesNote);
  return { element, offer, offerFiles: files.offer, show };

  /** What there is to choose from. */
  function offer({ items, patterns, costClasses }) {
    classes = costClasses;
    families = familiesOf(items).map(family => familySection(family, classes, files, edit));
    list.replaceChildren(...families.map(family => family.element));
    shortcuts.replaceChildren(h('span', { class: 'dim', id: 'presets' }, 'Choose'), ...presets.map(preset => h('button', {
      type: 'button', class: 'quiet', onclick: () => {
        const names = preset.of(items, classes);
        edit(candidates => onlyBackbones(candidates, names));
        announce(`${names.length} candidates chosen`);
      },
    }, preset.label)));
    others.offer(patterns, items.map(item => item.name));
    const { spec } = text.read();
    if (spec !== null) show(spec);
  }

  function show(spec) {
    const candidates = candidatesOf(spec);
    const imageSize = imageSizeOf(spec);
    chosen.textContent = `${candidates.length} chosen`;
    for (const family of families) family.show(spec, imageSize);
    others.show(candidates);
    unfold();
    classesNote.textContent = classes.length === 0 ? '' : `Cost by the multiply-adds of one image of ${imageSize} px: ${classes.map(described).join(', ')}. What is measured, “What would it cost?” tells.`;
  }

  /** At first, what is chosen; then, what somebody unfolds. */
  function unfold() {
    if (isUnfolded || families.length === 0) return;
    isUnfolded = true;
    for (const family of families) family.open(family.hasChosen());
  }

  function find() {
    const found = families.reduce((sum, family) => sum + family.search(search.value.trim()), 0);
    announce(`${found} backbones found`);
  }

  function edit(next) {
    text.change(spec => { spec.candidates = next(candidatesOf(spec)); });
  }
}

const described = ({ class: name, below }) => below === null ? `${name} above` : `${name} below ${count(below)}`;
