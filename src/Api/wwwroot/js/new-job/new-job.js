import { announce, h } from '../dom.js';
import { call, ProblemError, submit } from '../api.js';
import { problemPanel } from '../problem.js';
import { obstacle } from '../session.js';
import { candidatePicker } from './candidates.js';
import { costPanel } from './cost.js';
import { datasetPicker } from './dataset.js';
import { settingsPicker } from './settings.js';
import { specText } from './spec-text.js';
import { all, firstSpec } from './start.js';

/** A job is composed: by pickers, or as JSON, which is what is sent. `from`: the job whose spec one starts with; else `dataset`: what the example is to train on. */
export async function newJobView(main, signal, from, dataset) {
  const errors = h('div', {});
  const origin = h('div', {});
  const notJson = h('p', { class: 'note', id: 'not-json', hidden: true });
  const text = specText(told);
  const pickers = [datasetPicker(text), candidatePicker(text), settingsPicker(text)];
  const [datasets, candidates] = pickers;
  const form = h('fieldset', { class: 'pickers', disabled: true, 'aria-label': 'The spec as a form' }, pickers.map(picker => picker.element));
  const forbidden = obstacle('submit');
  const cost = costPanel(text, forbidden, fail, signal);
  const button = h('button', { class: 'primary', type: 'submit', disabled: forbidden !== null }, 'Submit job');

  main.append(
    h('div', { class: 'head' }, h('h1', {}, 'New job')),
    errors, origin,
    h('div', { class: 'composer' },
      form,
      // The service judges the spec, and says more about it than the browser would.
      h('form', { class: 'panel sent', noValidate: true, onsubmit: send },
        h('label', { for: 'spec' }, 'Job spec (JSON)'),
        h('p', { class: 'dim', id: 'spec-help' }, 'What is left out gets its default. Every field is described at ', h('a', { href: 'swagger' }, 'the API'), '.'),
        notJson, text.element,
        h('div', { class: 'row' }, cost.button, button, forbidden ? h('span', { class: 'dim' }, forbidden) : null))),
    cost.panel);

  await Promise.all([
    load(() => call('backbones', { signal }), candidates.offer),
    load(() => all('datasets', signal), datasets.offer),
    load(() => call('weights', { signal }), candidates.offerFiles),
    begin()]);

  /** Each part comes when it does, and where one is refused the others still serve. */
  async function load(ask, take) {
    try {
      take(await ask());
    } catch (error) {
      if (error.name !== 'AbortError') fail(error);
    }
  }

  async function begin() {
    try {
      take(await firstSpec({ from, dataset }, signal));
    } catch (error) {
      if (error.name === 'AbortError') return;
      fail(from === undefined ? error : new ProblemError({ title: 'The job to run again cannot be read', detail: `${error.message} The form holds the example instead.` }));
      if (from !== undefined || dataset !== undefined) await load(() => firstSpec({}, signal), take);
    }
  }

  function take({ spec, origin: where }) {
    // Who was quicker keeps what was typed.
    if (text.element.value !== '') return text.tell();
    origin.replaceChildren(...where === null ? [] : [where]);
    text.load(spec);
  }

  function told({ spec, fault }) {
    form.disabled = spec === null;
    notJson.hidden = spec !== null;
    notJson.textContent = fault === null ? '' : `The text is not JSON yet: ${fault}`;
    if (spec === null) return;
    for (const picker of [...pickers, cost]) picker.show(spec);
  }

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const job = await submit(text.element.value);
      announce('Job submitted');
      location.hash = `#/jobs/${job.id}`;
    } catch (error) {
      fail(error);
    } finally {
      button.disabled = false;
    }
  }

  function fail(error) {
    errors.replaceChildren(problemPanel(error, text.locate));
    errors.firstChild.focus();
    errors.firstChild.scrollIntoView({ block: 'nearest' });
  }
}
