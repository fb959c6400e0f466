import { h, scrollable } from '../dom.js';
import { address } from '../api.js';
import { badge, progressBar } from '../progress.js';

/** Each candidate with each seed: how far it is, on what, and what happened to it. */
export function trialsPanel(job, candidates) {
  const table = scrollable('Each candidate with each seed');
  const observations = `jobs/${job.id}/observations`;
  const element = h('section', { class: 'panel', 'aria-label': 'Trials' },
    h('div', { class: 'panel-head' }, h('h2', {}, 'Trials'),
      h('span', { class: 'row' }, h('a', { href: address(`${observations}?format=csv`) }, 'Observations as CSV'), h('a', { href: address(observations) }, 'as JSON'))),
    table);
  return { element, update: trials => table.replaceChildren(tableOf([...trials].sort((a, b) => place(a) - place(b) || a.repeat - b.repeat))) };

  function place({ candidate }) {
    return candidates.names.indexOf(candidate);
  }
}

function tableOf(trials) {
  return h('table', {},
    h('thead', {}, h('tr', {}, ['Candidate', 'Repeat', 'State', 'Epochs', 'Device', 'Remarks'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, trials.map(trial => h('tr', { 'data-candidate': trial.candidate },
      h('td', {}, trial.candidate), h('td', {}, String(trial.repeat)), h('td', {}, badge(trial.state)),
      h('td', {}, progressBar(trial.epochsTarget ? trial.epochsDone / trial.epochsTarget : 0), h('small', { class: 'dim' }, `${trial.epochsDone} of ${trial.epochsTarget}`)),
      h('td', { class: 'dim' }, trial.device ?? ''),
      h('td', { class: 'wrap' }, trial.failure?.message ?? '', trial.notes.map(note => h('div', { class: 'dim' }, note)),
        trial.attempt > 1 ? h('div', { class: 'dim' }, `attempt ${trial.attempt}`) : null,
        trial.savedWeights ? h('code', {}, trial.savedWeights) : null)))));
}
