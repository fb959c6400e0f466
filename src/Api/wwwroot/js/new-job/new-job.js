import { announce, h } from '../dom.js';
import { call, submit } from '../api.js';
import { count, datasetName } from '../format.js';
import { problemPanel } from '../problem.js';
import { obstacle } from '../session.js';

const numbers = [
  ['training', 'epochs', 'Epochs', 1], ['training', 'batchSize', 'Batch size', 2], ['training', 'imageSize', 'Image size', 8],
  ['training', 'trainLimit', 'Training images', 2], ['training', 'repeats', 'Repeats', 1], ['selection', 'observe', 'Observe epochs', 1],
];

/** The text of the spec is the truth; the pickers read it and write into it. */
export async function newJobView(main, signal) {
  const errors = h('div', {});
  const editor = h('textarea', { id: 'spec', spellcheck: 'false', 'aria-describedby': 'spec-help', oninput: readSpec });
  const pickers = h('div', {});
  const forbidden = obstacle('submit');
  const button = h('button', { class: 'primary', type: 'submit', disabled: forbidden !== null }, 'Submit job');
  let backbones = [], datasets = [];

  main.append(
    h('div', { class: 'head' }, h('h1', {}, 'New job')),
    errors,
    // The service judges the spec, and says more about it than the browser would.
    h('form', { class: 'two', noValidate: true, onsubmit: send },
      h('div', { class: 'panel' }, pickers),
      h('div', { class: 'panel' },
        h('label', { for: 'spec' }, 'Job spec (JSON)'),
        h('p', { class: 'dim', id: 'spec-help' }, 'What is left out gets its default. Every field is described at ', h('a', { href: 'swagger' }, 'the API'), '.'),
        editor,
        h('p', { class: 'row' }, button, forbidden ? h('span', { class: 'dim' }, forbidden) : null))));

  try {
    const [example, backboneList, datasetList] = await Promise.all([
      call('jobs/example', { signal }), call('backbones', { signal }), call('datasets', { signal })]);
    backbones = backboneList.items;
    datasets = datasetList.items;
    // Who was quicker than the example keeps what was typed.
    if (editor.value === '') editor.value = JSON.stringify(example, null, 2);
    readSpec();
  } catch (error) {
    if (error.name !== 'AbortError') fail(error);
  }

  function readSpec() {
    let spec;
    try {
      spec = JSON.parse(editor.value);
    } catch (error) {
      editor.setAttribute('aria-invalid', 'true');
      pickers.replaceChildren(h('p', { class: 'note' }, `The text is not JSON yet: ${error.message}`));
      return;
    }
    editor.removeAttribute('aria-invalid');
    const focused = document.activeElement?.id;
    pickers.replaceChildren(datasetPicker(spec), candidatePicker(spec), numberPicker(spec));
    if (focused && pickers.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused).focus();
  }

  function change(edit) {
    const spec = JSON.parse(editor.value);
    edit(spec);
    editor.value = JSON.stringify(spec, null, 2);
    readSpec();
  }

  function datasetPicker(spec) {
    const index = datasets.findIndex(item => item.spec.name === spec.dataset?.name && (item.spec.path ?? null) === (spec.dataset?.path ?? null));
    const problems = datasets[index]?.problems ?? [];
    return h('fieldset', {}, h('legend', {}, 'Data set'),
      h('select', {
        id: 'dataset', 'aria-label': 'Data set',
        onchange: event => change(next => {
          const chosen = datasets[event.target.value].spec;
          next.dataset = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== null));
        }),
      },
        index < 0 ? h('option', { value: '', selected: true }, 'as written in the spec') : null,
        datasets.map((item, i) => h('option', { value: String(i), selected: i === index }, `${item.name} (${item.trainImages.toLocaleString()} training, ${item.testImages.toLocaleString()} test images)`))),
      problems.map(problem => h('p', { class: 'note' }, problem)));
  }

  function candidatePicker(spec) {
    const names = (Array.isArray(spec.candidates) ? spec.candidates : []).map(candidate => candidate?.backbone ?? candidate);
    return h('fieldset', {}, h('legend', {}, `Candidates (${names.length} chosen)`),
      h('div', { class: 'choices' }, backbones.map(backbone => h('label', {},
        h('input', {
          type: 'checkbox', id: `backbone-${backbone.name}`, checked: names.includes(backbone.name),
          onchange: event => change(next => {
            const others = (next.candidates ?? []).filter(candidate => (candidate?.backbone ?? candidate) !== backbone.name);
            next.candidates = event.target.checked ? [...others, backbone.name] : others;
          }),
        }),
        backbone.name,
        h('small', { title: `${backbone.parameters} parameters, ${backbone.defaultWeights} weights` }, `${count(backbone.parameters)} param.${backbone.defaultWeights === 'imagenet' ? ', pretrained' : ''}`)))));
  }

  function numberPicker(spec) {
    return h('fieldset', {}, h('legend', {}, 'Training and selection'),
      h('div', { class: 'fields' },
        numbers.map(([section, field, label, min]) => h('label', {}, label,
          h('input', {
            type: 'number', id: `number-${field}`, min: String(min), value: String(spec[section]?.[field] ?? ''),
            onchange: event => change(next => {
              next[section] ??= {};
              if (event.target.value === '') delete next[section][field];
              else next[section][field] = Number(event.target.value);
            }),
          }))),
        h('label', {}, 'Mode',
          h('select', { id: 'mode', onchange: event => change(next => { (next.selection ??= {}).mode = event.target.value; }) },
            ['early', 'full', 'race'].map(mode => h('option', { value: mode, selected: (spec.selection?.mode ?? 'early') === mode }, mode))))));
  }

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const job = await submit(editor.value);
      announce('Job submitted');
      location.hash = `#/jobs/${job.id}`;
    } catch (error) {
      fail(error);
    } finally {
      button.disabled = false;
    }
  }

  function fail(error) {
    errors.replaceChildren(problemPanel(error, locate));
    errors.firstChild.focus();
    errors.firstChild.scrollIntoView({ block: 'nearest' });
  }

  /** Selects the field that a fault names, as well as a text search can. */
  function locate(path) {
    const key = path.split('.').at(-1).replace(/\[\d+\]$/, '');
    const position = editor.value.indexOf(`"${key}"`);
    editor.focus();
    if (position >= 0) editor.setSelectionRange(position, position + key.length + 2);
  }
}
