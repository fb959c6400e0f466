import { h, svg } from '../dom.js';
import { duration, number, percent } from '../format.js';

/** The ranking as a table with its intervals drawn on one common scale. */
export function rankingTable(ranking, colourOf) {
  const known = ranking.candidates.some(candidate => candidate.finalAccuracy !== null);
  const range = scaleOf(ranking.candidates);
  const columns = [
    ['Rank', 'number'], ['Candidate', ''], [ranking.unit === 'score' ? 'Score' : 'Predicted accuracy', 'number'], [`${+(100 * ranking.confidence).toFixed(1)} % interval`, ''],
    ['P(best)', 'number'], ['Last seen', 'number'], ...(known ? [[`Final (${ranking.agreement?.finalAccuracyOf ?? 'known'})`, 'number']] : []), ['Time', 'number']];
  return [
    h('div', { class: 'scroll' }, h('table', {},
      h('caption', { class: 'visually-hidden' }, `Candidates by predicted accuracy, predictor ${ranking.predictor}`),
      h('thead', {}, h('tr', {}, columns.map(([name, kind]) => h('th', { scope: 'col', class: kind }, name)))),
      h('tbody', {}, ranking.candidates.map(candidate => row(candidate, range, known, colourOf(candidate.candidate)))))),
    ranking.agreement ? h('p', {}, agreement(ranking.agreement)) : null,
    ranking.warnings.map(warning => h('p', { class: 'note' }, sentence(warning))),
    h('p', { class: 'dim' }, `${sentence(epochsOf(ranking))} ${sentence(ranking.intervalMeaning)}`)];
}

function row(candidate, range, known, colour) {
  const swatch = h('span', { class: 'swatch', style: `display:inline-block;vertical-align:middle;margin-right:.5rem;background:${colour}` });
  const isScore = candidate.score !== null;
  const prediction = candidate.rank === null
    ? [h('td', { class: 'wrap dim', colSpan: 3 }, candidate.failure?.message ?? candidate.reason ?? '')]
    : [
      h('td', { class: 'number' }, isScore ? number(candidate.score) : percent(candidate.predictedAccuracy)),
      h('td', { class: 'dim' }, isScore ? '–' : bar(candidate, range, colour)),
      h('td', { class: 'number' }, candidate.probabilityBest?.toFixed(2) ?? '–')];
  return h('tr', { class: candidate.rank === 1 ? 'first' : '', 'data-candidate': candidate.candidate },
    h('td', { class: 'number' }, candidate.rank === null ? '–' : String(candidate.rank)),
    h('td', { style: 'white-space:nowrap' }, swatch, candidate.candidate),
    prediction,
    h('td', { class: 'number' }, percent(candidate.lastSeenAccuracy)),
    known ? h('td', { class: 'number' }, percent(candidate.finalAccuracy)) : null,
    h('td', { class: 'number dim' }, duration(candidate.seconds)));
}

/** From the lowest to the highest number shown, with some air. */
function scaleOf(candidates) {
  const values = candidates.flatMap(c => [c.intervalLow, c.intervalHigh, c.predictedAccuracy, c.finalAccuracy]).filter(value => value !== null);
  const low = Math.min(...values), high = Math.max(...values), air = (high - low) * 0.04 || 0.01;
  return value => 4 + 192 * (value - low + air) / (high - low + 2 * air);
}

function bar(candidate, x, colour) {
  const text = `${percent(candidate.intervalLow)} to ${percent(candidate.intervalHigh)}`;
  const [low, high, at] = [x(candidate.intervalLow), x(candidate.intervalHigh), x(candidate.predictedAccuracy)];
  return svg('svg', { class: 'interval', viewBox: '0 0 200 22', preserveAspectRatio: 'none', role: 'img', 'aria-label': text },
    svg('title', {}, text),
    svg('line', { x1: 0, x2: 200, y1: 11, y2: 11, stroke: 'var(--line)' }),
    svg('rect', { x: low, y: 6, width: Math.max(high - low, 1), height: 10, rx: 3, fill: colour, opacity: 0.32 }),
    svg('line', { x1: at, x2: at, y1: 3, y2: 19, stroke: colour, 'stroke-width': 3 }),
    candidate.finalAccuracy === null ? null
      : svg('line', { x1: x(candidate.finalAccuracy), x2: x(candidate.finalAccuracy), y1: 2, y2: 20, stroke: 'var(--text)', 'stroke-width': 1.4, 'stroke-dasharray': '3 2' }));
}

function agreement({ spearman, spearmanInterval, finalAccuracyOf, candidates, top1Regret }) {
  const regret = top1Regret === null ? '' : ` Taking the first gives away ${(100 * top1Regret).toFixed(1)} points.`;
  return [`Spearman’s ρ with the final ${finalAccuracyOf} accuracy (dashed): `, h('strong', {}, spearman.value === null ? spearman.reason : spearman.value.toFixed(3)),
    `${interval(spearmanInterval)} over ${candidates} candidates.${regret}`];
}

const interval = ({ low, high, confidence }) => low === null ? ''
  : ` (${low.toFixed(2)} to ${high.toFixed(2)}, ${+(100 * confidence).toFixed(1)} %)`;

const epochsOf = ({ predictors: [{ epochs }] }) => `epochs used: ${epochs.replace(/^epochs /, '')}`;

/** Ranks by several predictors, a column each; the order of the rows is that of the first. */
export function comparison({ candidates, predictors }) {
  const ranks = predictors.map(p => new Map(p.candidates.map(c => [c.candidate, c])));
  const known = predictors.some(p => p.agreement);
  return h('div', { class: 'scroll' }, h('table', {},
    h('caption', { class: 'visually-hidden' }, 'Ranks by predictor'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Candidate'), predictors.map(p => h('th', { scope: 'col', class: 'number' }, p.name)))),
    h('tbody', {},
      candidates.map(({ candidate }) => h('tr', { 'data-candidate': candidate }, h('td', {}, candidate), ranks.map(byName => rankCell(byName.get(candidate))))),
      known ? h('tr', { class: 'first' }, h('td', {}, 'Spearman’s ρ'), predictors.map(p => rhoCell(p.agreement))) : null)));
}

const rankCell = ({ rank, reason }) => h('td', { class: 'number', title: reason ?? '' }, rank === null ? '–' : String(rank));

function rhoCell(agreement) {
  if (!agreement || agreement.spearman.value === null) return h('td', { class: 'number', title: agreement?.spearman.reason ?? '' }, '–');
  return h('td', { class: 'number', title: interval(agreement.spearmanInterval).trim() }, agreement.spearman.value.toFixed(3));
}

const sentence = text => `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
