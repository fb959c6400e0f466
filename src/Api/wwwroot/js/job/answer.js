import { announce, h, withNames } from '../dom.js';
import { address, submit } from '../api.js';
import { problemPanel } from '../problem.js';
import { obstacle } from '../session.js';
import { furtherSpec } from './further.js';

/** What the job comes to, in one sentence, and what can be done with it. `finalize(candidate)` leads to where that is ordered. */
export function answerPanel(id, finalize) {
  const text = h('div', {}, h('p', { class: 'dim' }, 'Asking what is known …'));
  const fault = h('div', {});
  const element = h('section', { class: 'panel answer', 'aria-label': 'Answer' }, text, fault, links(id));
  let shown;

  return { element, show, tell };

  /** What somebody has moved the focus to stays while nothing changes. */
  function show(answer, job) {
    const content = JSON.stringify([answer, job.state, job.finalization?.id, job.warnings]);
    if (content === shown) return;
    shown = content;
    element.className = `panel answer ${answer.kind}`;
    text.replaceChildren(...[
      h('p', { class: 'sentence' }, withNames(answer.sentence, 'code')),
      h('p', {}, withNames(answer.next, 'code')),
      answer.further ? observing(answer, job) : null,
      answer.kind === 'answered' && !job.finalizes && !job.finalization && job.state === 'succeeded'
        ? h('p', {}, h('button', { type: 'button', class: 'primary', onclick: () => finalize(answer.recommended[0]) }, 'Finalize ', h('code', {}, answer.recommended[0]), ' …'))
        : null,
      ...job.warnings.map(warning => h('p', { class: 'note' }, warning)),
    ].filter(Boolean));
  }

  /** To people who use a screen reader, when the job ends. */
  function tell() {
    announce(text.querySelector('.sentence')?.textContent ?? '');
  }

  function observing({ moreEpochs, further, recommended }, job) {
    const forbidden = obstacle('submit');
    const others = further.candidates.length > recommended.length ? ', the next of the ranking with them, since of fewer than four curves a prediction knows little' : '';
    const button = h('button', { type: 'button', class: 'primary', disabled: forbidden !== null, onclick: observe },
      `Observe ${moreEpochs} more epoch${moreEpochs === 1 ? '' : 's'}`);
    return h('p', { class: 'row' }, button, h('span', { class: 'dim' }, forbidden ?? `as the job “${further.name}” of ${further.candidates.length} candidates${others}.`));

    async function observe() {
      button.disabled = true;
      try {
        const made = await submit(furtherSpec(job.spec, further));
        location.hash = `#/jobs/${made.id}`;
      } catch (error) {
        button.disabled = false;
        const panel = problemPanel(error);
        fault.replaceChildren(panel);
        panel.focus();
      }
    }
  }
}

function links(id) {
  return h('p', { class: 'row links' },
    h('a', { href: address(`jobs/${id}/report`) }, 'Report'),
    h('a', { href: address(`jobs/${id}/report.md`) }, 'Report as Markdown'),
    h('a', { href: address(`jobs/${id}/observations?format=csv`) }, 'Observations as CSV'));
}
