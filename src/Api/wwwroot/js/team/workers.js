import { announce, h } from '../dom.js';
import { call } from '../api.js';
import { bytes, when } from '../format.js';
import { problemPanel } from '../problem.js';
import { may, obstacle } from '../session.js';

const refreshMilliseconds = 5000;

/** Who runs trials, on what, and who is to take no more of them. */
export function workersView(main, signal) {
  const errors = h('div', {});
  const body = h('div', { class: 'panel' });
  main.append(h('div', { class: 'head' }, h('h1', {}, 'Workers')), errors, body);

  async function refresh() {
    try {
      const { items } = await call('workers', { signal });
      body.replaceChildren(items.length ? table(items, drain) : nothing());
    } catch (error) {
      if (error.name !== 'AbortError') body.replaceChildren(problemPanel(error));
    }
  }

  async function drain(worker) {
    errors.replaceChildren();
    try {
      await call(`workers/${encodeURIComponent(worker.id)}/drain`, { method: worker.isDraining ? 'DELETE' : 'POST', signal });
      announce(worker.isDraining ? `${worker.id} takes trials again` : `${worker.id} takes no more trials`);
      await refresh();
    } catch (error) {
      if (error.name === 'AbortError') return;
      errors.replaceChildren(problemPanel(error));
      errors.firstChild.focus();
    }
  }

  // The list is made anew each time, which would take the focus off a button.
  const timer = setInterval(() => { if (!document.hidden && !body.contains(document.activeElement)) refresh(); }, refreshMilliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));
  refresh();
}

function nothing() {
  return h('p', { class: 'empty' }, 'No worker has been seen in the last hour, so submitted jobs wait.');
}

function table(workers, drain) {
  return h('div', { class: 'scroll' }, h('table', { 'aria-label': 'Workers' },
    h('thead', {}, h('tr', {}, ['Worker', 'State', 'Device', 'Memory', 'Runs', 'Last check-in', 'Version', ''].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, workers.map(worker => h('tr', {},
      h('td', {}, worker.id, h('div', {}, h('small', { class: 'dim' }, worker.process))),
      h('td', {}, h('span', { class: `badge ${badgeOf(worker)}` }, stateOf(worker))),
      h('td', {}, worker.device, h('div', {}, h('small', { class: 'dim' }, `${worker.slots} ${worker.slots === 1 ? 'slot' : 'slots'}`))),
      h('td', {}, memory(worker.memory), worker.deviceMemory ? h('div', {}, `GPU ${memory(worker.deviceMemory)}`) : null),
      h('td', {}, workOf(worker)),
      h('td', { class: 'dim' }, worker.lastCheckIn ? when(worker.lastCheckIn) : 'stopped'),
      h('td', { class: 'dim' }, worker.version.split('+')[0]),
      h('td', {}, h('button', { type: 'button', disabled: !may('operate'), title: obstacle('operate'), 'aria-label': `${worker.isDraining ? 'Resume' : 'Drain'} ${worker.id}`, onclick: () => drain(worker) },
        worker.isDraining ? 'Resume' : 'Drain')))))));
}

const stateOf = worker => !worker.isAlive ? 'gone' : worker.isDraining ? 'draining' : 'alive';

const badgeOf = worker => !worker.isAlive ? 'failed' : worker.isDraining ? 'cancelling' : 'succeeded';

const memory = use => use ? `${bytes(use.usedBytes)} of ${bytes(use.totalBytes)}` : '–';

function workOf(worker) {
  const hidden = worker.runningTrials - worker.trials.length;
  if (worker.runningTrials === 0) return 'nothing';
  return [worker.trials.map(run), hidden > 0 ? h('div', { class: 'dim' }, `${hidden} of others`) : null];
}

function run(trial) {
  return h('div', {}, h('a', { href: `#/jobs/${trial.jobId}` }, trial.candidate), h('small', { class: 'dim' }, ` epoch ${trial.epochsDone} of ${trial.epochsTarget}`));
}
