import { h } from '../dom.js';
import { call } from '../api.js';
import { problemPanel } from '../problem.js';
import { byData, readIds } from './compared.js';
import { answerCards, candidateTable, differenceTables } from './compare-panels.js';
import { least } from './selection.js';

/** Two to four jobs beside each other, as they are now. */
export async function compareView(main, signal, query) {
  const { ids, fault } = readIds(query);
  const body = h('div', { class: 'compared', 'aria-busy': 'true' }, h('p', { class: 'panel dim' }, 'Loading …'));
  main.append(h('div', { class: 'head' }, h('h1', {}, 'Compare jobs'), h('a', { class: 'button', href: '#/' }, 'Choose others')), body);
  if (fault) {
    show(h('p', { class: 'panel' }, `${fault} Select them in the `, h('a', { href: '#/' }, 'list of jobs'), '.'));
    return;
  }
  const found = await Promise.all(ids.map(id => load(id, signal)));
  if (signal.aborted) return;
  const lost = found.filter(({ error }) => error);
  const compared = found.filter(({ error }) => !error);
  const rest = compared.length < least
    ? [h('p', { class: 'panel' }, `It takes at least ${least} jobs to compare. Select them in the `, h('a', { href: '#/' }, 'list of jobs'), '.')]
    : comparison(compared);
  show(...lost.map(({ error }) => problemPanel(error)), ...rest);

  function show(...panels) {
    body.removeAttribute('aria-busy');
    body.replaceChildren(...panels);
  }
}

/** { job, ranking, rankingError, datasetHash }, or { error } where there is no such job. */
async function load(id, signal) {
  try {
    const [job, trials] = await Promise.all([call(`jobs/${id}`, { signal }), call(`jobs/${id}/trials`, { signal })]);
    const datasetHash = trials.items.find(trial => trial.datasetHash !== null)?.datasetHash ?? null;
    const ranking = await call(`jobs/${id}/ranking`, { signal }).catch(error => error);
    return ranking instanceof Error ? { job, ranking: null, rankingError: ranking, datasetHash } : { job, ranking, rankingError: null, datasetHash };
  } catch (error) {
    return { error };
  }
}

function comparison(compared) {
  const groups = byData(compared);
  return [
    answerCards(compared),
    groups.length === 1 ? null : h('p', { class: 'note panel' },
      h('strong', {}, 'Not comparable number by number. '),
      'These jobs look at different images, or at other sizes of them: accuracies on different data say nothing about each other. Each table below holds jobs on the same data.'),
    ...groups.map(group => candidateTable(group, groups.length > 1)),
    differenceTables(compared.map(({ job }) => job)),
  ].filter(Boolean);
}
