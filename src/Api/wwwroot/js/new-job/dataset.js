import { h } from '../dom.js';
import { address } from '../api.js';
import { sectionOf } from './spec-text.js';
import { said } from './start.js';

/** Which images: a picture of them, what they are, and what is wrong with them. */
export function datasetPicker(text) {
  const select = h('select', { id: 'dataset', onchange: choose });
  const card = h('div', { class: 'dataset-card' });
  let datasets = [], shown = null;
  return {
    element: h('section', { class: 'panel', 'aria-labelledby': 'dataset-title' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'dataset-title' }, 'Images'), h('a', { href: '#/datasets' }, 'All data sets, and upload')),
      h('div', { class: 'field' }, h('label', { for: 'dataset' }, 'Data set'), select),
      card),
    offer,
    show,
  };

  function offer(items) {
    datasets = items;
    const { spec } = text.read();
    select.replaceChildren(h('option', { value: '', hidden: true }, 'as written in the spec'), ...items.map((item, place) => h('option', { value: String(place) }, `${item.name}${item.isUsable ? '' : ' (cannot be used)'}`)));
    shown = null;
    if (spec !== null) show(spec);
  }

  function choose() {
    const chosen = datasets[select.value];
    text.change(spec => { spec.dataset = said(chosen.spec); });
  }

  function show(spec) {
    const written = sectionOf(spec, 'dataset');
    const place = datasets.findIndex(({ spec: listed }) => listed.name === written.name && (listed.path ?? null) === (written.path ?? null));
    const isChanged = place >= 0 && JSON.stringify(numbers(written)) !== JSON.stringify(numbers(datasets[place].spec));
    const next = `${place} ${isChanged}`;
    select.value = place < 0 ? '' : String(place);
    // The picture is fetched once, not with every key that is pressed.
    if (shown === next) return;
    shown = next;
    card.replaceChildren(...place < 0 ? [] : describe(datasets[place], isChanged));
  }
}

/** What makes another selection, or another number, of the same images; what is absent and what is null are the same. */
const numbers = ({ classes, exif, onBrokenImage, synthetic }) => [classes ?? null, exif ?? 'ignore', onBrokenImage ?? 'fail', synthetic ? Object.entries(synthetic).toSorted() : null];

function describe(item, isChanged) {
  const figures = `${item.classes.length} classes, ${item.trainImages.toLocaleString()} training, `
    + `${item.validationImages ? `${item.validationImages.toLocaleString()} validation, ` : ''}${item.testImages.toLocaleString()} test images`;
  return [
    item.isUsable ? picture(item) : null,
    h('div', {},
      item.isUsable ? h('p', {}, figures) : null,
      isChanged ? h('p', { class: 'dim' }, 'The spec takes other classes or numbers than are listed.') : null,
      item.problems.map(problem => h('p', { class: 'note' }, problem)))].filter(part => part !== null);
}

function picture(item) {
  const image = h('img', {
    class: 'thumbnail', src: address(`datasets/${encodeURIComponent(item.name)}/contact-sheet`), alt: `Training images of ${item.name}, a row for each class`,
    onerror: () => image.replaceWith(h('p', { class: 'dim' }, 'There is no picture of it: its images cannot be read.')),
  });
  return image;
}
