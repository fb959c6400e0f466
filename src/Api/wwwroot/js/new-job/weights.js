import { h } from '../dom.js';
import { bytes } from '../format.js';
import { filePrefix, isFile, weightsOf } from './chosen.js';

const listId = 'weights-files';

/** Files that candidates can start from: one list for all of the page, filled for who needs it. */
export function weightsFiles() {
  let known = [];
  const list = h('datalist', { id: listId });
  const note = h('p', { class: 'dim', hidden: true });
  return {
    element: h('div', {}, list, note),
    offer({ items, more }) {
      known = items;
      note.hidden = more === null;
      note.textContent = more === null ? '' : `Not all files of weights are listed: ${more}.`;
    },
    /** What trials saved fits their own backbone alone. */
    fill: backbone => list.replaceChildren(...known.filter(({ savedBy }) => savedBy === null || savedBy.backbone === backbone)
      .map(file => h('option', { value: file.weights.slice(filePrefix.length), label: labelOf(file) }))),
  };
}

/** What one candidate starts from. `choose(weights)` is told another choice. */
export function weightsChoice(backbone, files, choose) {
  const select = h('select', { 'aria-label': `Weights of ${backbone.name}`, onchange: () => choose(select.value === 'file' ? filePrefix : select.value) },
    backbone.weights.includes('imagenet') ? h('option', { value: 'imagenet' }, pretrained(backbone)) : null,
    h('option', { value: 'random' }, 'random'),
    h('option', { value: 'file' }, 'from a file'));
  const path = h('input', {
    type: 'text', list: listId, class: 'mono', autocomplete: 'off', spellcheck: 'false', placeholder: 'path in a data root', 'aria-label': `File of weights for ${backbone.name}`,
    onfocus: () => files.fill(backbone.name), oninput: () => choose(filePrefix + path.value),
  });
  return {
    element: h('span', { class: 'weights' }, select, path),
    show(candidate) {
      const weights = weightsOf(candidate, backbone);
      const fromFile = isFile(weights);
      select.value = fromFile ? 'file' : String(weights).toLowerCase();
      path.hidden = !fromFile;
      const said = fromFile ? weights.slice(filePrefix.length) : '';
      if (path.value !== said) path.value = said;
      path.setAttribute('aria-invalid', String(fromFile && said.trim() === ''));
    },
  };
}

const pretrained = ({ imagenet }) => `pretrained${imagenet?.cached === false ? ', not on this node yet' : ''}`;

const labelOf = ({ bytes: size, savedBy }) => savedBy === null ? bytes(size) : `${savedBy.candidate} of ${savedBy.jobName ?? savedBy.jobId}, seed ${savedBy.seed}, ${bytes(size)}`;
