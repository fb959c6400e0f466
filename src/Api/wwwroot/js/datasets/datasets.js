import { announce, h } from '../dom.js';
import { address, call } from '../api.js';
import { percent } from '../format.js';
import { problemPanel } from '../problem.js';
import { may, mayChange } from '../session.js';
import { uploadPanel } from './upload.js';

/** What a job can train on, with a picture of each, and a way to bring one's own images. */
export function datasetsView(main, signal) {
  const errors = h('div', {});
  const list = h('div', {});
  main.append(h('div', { class: 'head' }, h('h1', {}, 'Data sets')), errors, uploadPanel({ signal, uploaded, fail }), list);
  refresh();

  async function uploaded({ name }) {
    errors.replaceChildren();
    await refresh();
    const panel = list.querySelector(`[data-dataset="${CSS.escape(name)}"]`);
    panel?.focus({ preventScroll: true });
    panel?.scrollIntoView({ block: 'nearest' });
  }

  async function refresh() {
    try {
      const { items } = await call('datasets', { signal });
      list.replaceChildren(...items.map(panel));
    } catch (error) {
      if (error.name !== 'AbortError') fail(error);
    }
  }

  function fail(error) {
    errors.replaceChildren(problemPanel(error));
    errors.firstChild.focus();
  }

  function panel(item) {
    const path = `datasets/${encodeURIComponent(item.name)}`;
    const notes = h('div', {}, notesOf(item.problems));
    return h('section', { class: 'panel dataset', 'aria-label': item.name, 'data-dataset': item.name, tabindex: '-1' },
      h('div', { class: 'panel-head' }, h('h2', {}, item.name),
        h('div', { class: 'row' },
          item.isUsable && may('submit') ? h('a', { class: 'button', href: `#/new?dataset=${encodeURIComponent(item.name)}` }, `New job with ${item.name}`) : null,
          item.isUploaded && mayChange(item.owner) ? h('button', { type: 'button', class: 'danger', 'aria-label': `Delete ${item.name}`, onclick: () => remove(item.name, path) }, 'Delete') : null)),
      h('p', {}, `${item.classes.length} classes (balance ${percent(item.classBalance, 0)}), ${item.trainImages.toLocaleString()} training, `
        + `${item.validationImages ? `${item.validationImages.toLocaleString()} validation, ` : ''}${item.testImages.toLocaleString()} test images`),
      notes,
      // Reading every image may take a while: only on demand.
      h('details', { ontoggle: event => { if (event.target.open) look(event.target, path, notes); } },
        h('summary', {}, 'Look at the images')));
  }

  /** Every opening asks again, and replaces what the last one showed, until the images have been read. */
  async function look(details, path, notes) {
    if ('isRead' in details.dataset) return;
    const sizes = h('p', { class: 'dim' });
    details.replaceChildren(
      details.firstElementChild,
      h('img', { class: 'sheet', src: address(`${path}/contact-sheet`), alt: 'Images of each class, one row for each' }),
      sizes);
    try {
      const found = await call(path, { signal });
      notes.replaceChildren(...notesOf(found.problems));
      const { inspection } = found;
      if (inspection !== null) details.dataset.isRead = '';
      sizes.append(inspection === null ? 'The images are still being read; open this again later.'
        : inspection.width === null ? 'Generated at any size.'
          : `Width ${sides(inspection.width)}, height ${sides(inspection.height)} pixels (least, median, most)`);
    } catch (error) {
      if (error.name !== 'AbortError') fail(error);
    }
  }

  async function remove(name, path) {
    if (!confirm(`Delete the data set ${name} with its images?`)) return;
    try {
      await call(path, { method: 'DELETE', signal });
      announce('Data set deleted');
      await refresh();
    } catch (error) {
      if (error.name !== 'AbortError') fail(error);
    }
  }
}

const notesOf = problems => problems.map(problem => h('p', { class: 'note' }, problem));

const sides = ({ min, median, max }) => `${min} / ${median} / ${max}`;
