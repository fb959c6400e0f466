import { h } from '../dom.js';
import { call } from '../api.js';
import { problemPanel } from '../problem.js';
import { hasEnded } from '../progress.js';
import { explanation } from './explanation.js';
import { comparison, rankingTable } from './ranking.js';

/** The ranking by a predictor from some epochs, both to be chosen, and beside other predictors. `answered(ranking, isOwn)` gets each ranking that is shown, and whether it is as the job asks for it. */
export function rankingPanel(job, predictors, candidates, signal, answered = () => {}) {
  const { selection } = job.spec;
  const query = {}, others = new Set(['last-seen']);
  const table = h('div', {}, h('p', { class: 'dim' }, 'Nothing to rank yet.'));
  const explained = explanation();
  const compared = h('div', {});
  const comparing = h('details', { class: 'compare', ontoggle: () => refresh() }, h('summary', {}, 'Compare predictors'), choices(), compared);
  const element = h('section', { class: 'panel', 'aria-label': 'Ranking' },
    h('div', { class: 'panel-head' }, h('h2', {}, 'Ranking'), controls()), table, explained.element, comparing);
  let asked = 0;

  return { element, refresh };

  async function refresh() {
    const shown = query.predictor ?? selection.predictor;
    const parameters = new URLSearchParams({ ...query, predictor: comparing.open ? [shown, ...others].join(',') : shown });
    if (!query.observe) parameters.delete('observe');
    const mine = ++asked;
    try {
      const ranking = await call(`jobs/${job.id}/ranking?${parameters}`, { signal });
      if (mine !== asked) return; // a later question has been asked
      const isEmpty = !hasEnded(ranking.jobState) && ranking.candidates.every(candidate => candidate.rank === null && candidate.lastSeenAccuracy === null && !candidate.failure);
      if (!isEmpty) table.replaceChildren(...rankingTable(ranking, name => candidates.styleOf(name).colour).flat(Infinity).filter(Boolean));
      explained.update(ranking);
      compared.replaceChildren(comparing.open ? comparison(ranking) : '');
      answered(ranking, shown === selection.predictor && [undefined, '', String(selection.observe)].includes(query.observe));
    } catch (error) {
      if (error.name !== 'AbortError') table.replaceChildren(problemPanel(error));
    }
  }

  function controls() {
    return h('div', { class: 'row' },
      h('label', { for: 'predictor' }, 'Predictor'),
      h('select', { id: 'predictor', onchange: event => { query.predictor = event.target.value; refresh(); } },
        predictors.map(({ name }) => h('option', { value: name, selected: name === selection.predictor }, name))),
      h('label', { for: 'observe' }, 'Observe'),
      h('input', {
        id: 'observe', type: 'number', min: '1', style: 'width:5rem', value: String(selection.observe),
        onchange: event => { query.observe = event.target.value; refresh(); },
      }));
  }

  function choices() {
    return h('div', { class: 'choices', role: 'group', 'aria-label': 'Predictors to compare' }, predictors.map(({ name, isQuick }) => h('label', {},
      h('input', {
        type: 'checkbox', value: name, checked: others.has(name),
        onchange: ({ target }) => { others[target.checked ? 'add' : 'delete'](name); refresh(); },
      }), name, isQuick ? null : h('small', {}, 'slow'))));
  }
}
