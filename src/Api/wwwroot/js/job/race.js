import { h, scrollable } from '../dom.js';
import { duration, percent } from '../format.js';

/** What a decision says of a candidate, in words and as a sign that can be told from the others without its colour. */
export const verdicts = {
  won: { name: 'has won', short: 'won', mark: '★', size: 17, symbol: 'path://M8,0L10,5.5L16,6L11.5,10L13,16L8,12.5L3,16L4.5,10L0,6L6,5.5Z' },
  stopped: { name: 'in it to the end', short: 'to the end', mark: '●', size: 10, symbol: 'circle' },
  kept: { name: 'goes on', short: 'goes on', mark: '▶', size: 11, symbol: 'triangle', rotate: -90 },
  promoted: { name: 'runs ahead', short: 'ahead', mark: '◇', size: 9, symbol: 'diamond' },
  dropped: { name: 'dropped', short: 'dropped', mark: '✕', size: 12, symbol: 'path://M1,0L4,3L7,0L8,1L5,4L8,7L7,8L4,5L1,8L0,7L3,4L0,1Z' },
};

export const verdictOf = ({ action, isLeader }) => action === 'stopped' && isLeader ? 'won' : action;

/** The newest of a candidate's decisions that is more than a promotion. */
export const lastOf = decisions => decisions.findLast(({ action }) => action !== 'promoted');

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

/** The decisions, newest first. */
export function decisionTable(decisions) {
  return scrollable('Round by round', h('table', {},
    h('thead', {}, h('tr', {}, ['Round', 'Candidate', 'Decision', 'P(best)', 'Predicted', 'Why'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, [...decisions].reverse().map(decision => h('tr', { 'data-candidate': decision.candidate },
      h('td', {}, String(decision.round)), h('td', {}, decision.candidate),
      h('td', {}, verdicts[verdictOf(decision)].name),
      h('td', {}, percent(decision.probabilityBest)), h('td', {}, percent(decision.predictedAccuracy)),
      h('td', { class: 'wrap dim' }, decision.reason))))));
}
