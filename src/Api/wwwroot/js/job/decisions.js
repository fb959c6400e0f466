import { h } from '../dom.js';
import { call } from '../api.js';
import { problemPanel } from '../problem.js';
import { decisionTable } from './race.js';

/** What a race has decided, round by round. Hidden while it has not, and of other jobs. */
export function decisionsPanel(id, signal) {
  const element = h('section', { class: 'panel', 'aria-label': 'Decisions', hidden: true });
  const decisions = [];
  let isAsking = false, newest, shown;

  return { element, show };

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
      element.replaceChildren(h('div', { class: 'panel-head' }, h('h2', {}, 'Decisions')), decisionTable(decisions));
    } catch (error) {
      if (error.name === 'AbortError') return;
      element.hidden = false;
      element.replaceChildren(problemPanel(error));
      return;
    } finally {
      isAsking = false;
    }
    show(newest); // another round may have been decided meanwhile
  }
}
