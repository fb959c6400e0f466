import { h, scrollable } from '../dom.js';
import { duration, percent } from '../format.js';

const action = { dropped: 'dropped', kept: 'goes on', stopped: 'was in it to the end', promoted: 'runs ahead' };

/** Where a race stands: who is left, who is out, and what that has saved. */
export function raceSummary(race) {
  const title = race.isOver
    ? (race.winner ? `The race is over after epoch ${race.round}: ${race.winner} has won` : 'The race is over without a winner')
    : race.round ? `Race: round ${race.round} of at most ${race.lastRound}, ${race.leader} leads` : 'Race: before its first round';
  return h('div', { class: 'race', role: 'group', 'aria-label': 'Race' },
    h('p', {}, h('strong', {}, title)),
    h('p', {}, `${race.isOver ? 'In it to the end' : 'In the race'}: ${race.remaining.join(', ') || 'nobody'}`),
    race.dropped.length ? h('p', { class: 'dim' }, `Dropped: ${race.dropped.join(', ')}`) : null,
    h('p', { class: 'dim' }, `${race.epochsTrained} epochs trained, ${race.epochsSaved} saved`,
      race.secondsSaved > 0 ? ` (about ${duration(race.secondsSaved)} of a device)` : null));
}

/** The last decisions, newest first. */
export function decisionTable(decisions) {
  return scrollable('Round by round', h('table', {},
    h('thead', {}, h('tr', {}, ['Round', 'Candidate', 'Decision', 'P(best)', 'Predicted', 'Why'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, [...decisions].reverse().map(decision => h('tr', {},
      h('td', {}, String(decision.round)), h('td', {}, decision.candidate),
      h('td', {}, decision.isLeader && decision.action === 'stopped' ? 'has won' : action[decision.action]),
      h('td', {}, percent(decision.probabilityBest)), h('td', {}, percent(decision.predictedAccuracy)),
      h('td', { class: 'wrap dim' }, decision.reason))))));
}
