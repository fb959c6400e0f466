import { h } from '../dom.js';
import { call } from '../api.js';
import { problemPanel } from '../problem.js';
import { raceChart } from './race-chart.js';
import { decisionTable, verdicts } from './race.js';

/** What a race has decided, round by round, as a picture and as a table. Hidden while it has not, and of other jobs. */
export function decisionsPanel(id, candidates, observed, signal) {
  const decisions = [];
  const chart = raceChart(candidates, observed, decisions, signal);
  const fault = h('div', {}), table = h('div', {});
  const element = h('section', { class: 'panel', 'aria-label': 'Decisions', hidden: true },
    h('div', { class: 'panel-head' }, h('h2', {}, 'The race')), fault, chart.element,
    h('p', { class: 'dim signs' }, `${Object.values(verdicts).map(({ mark, name }) => `${mark} ${name}`).join(' · ')} · | a round that kept it`),
    h('details', { class: 'compare' }, h('summary', {}, 'Decisions as a table'), table));
  let isAsking = false, newest, shown;

  return { element, show, redraw: chart.redraw };

  /** `round`: the last one decided; undefined where there is no race. */
  async function show(round) {
    newest = round;
    if (round === undefined || round === shown || isAsking) return;
    isAsking = true;
    try {
      for (let after = decisions.at(-1)?.id ?? 0; after !== null;) {
        const page = await call(`jobs/${id}/decisions?after=${after}`, { signal });
        decisions.push(...page.items);
        after = page.nextAfter;
      }
      shown = round;
      element.hidden = decisions.length === 0;
      fault.replaceChildren();
      table.replaceChildren(decisionTable(decisions));
      chart.redraw();
    } catch (error) {
      if (error.name === 'AbortError') return;
      element.hidden = false;
      fault.replaceChildren(problemPanel(error));
      return;
    } finally {
      isAsking = false;
    }
    show(newest); // another round may have been decided meanwhile
  }
}
