import { h, scrollable, svg } from '../dom.js';
import { duration, number, percent } from '../format.js';

/** The ranking as a table with its intervals drawn on one common scale. What is of the same epochs and images stands together; what is of others says so. */
export function rankingTable(ranking, colourOf) {
  const groups = columnsOf(ranking, colourOf);
  const columns = groups.flatMap(group => group.columns);
  return [
    scrollable('Candidates, best first', h('table', { class: 'ranking' },
      h('caption', { class: 'visually-hidden' }, `Candidates by predicted accuracy, predictor ${ranking.predictor}`),
      groups.map(group => h('colgroup', { span: group.columns.length })),
      h('thead', {},
        h('tr', {}, groups.map(group => h(group.title ? 'th' : 'td', { scope: group.title ? 'colgroup' : null, colSpan: group.columns.length }, group.title ?? ''))),
        h('tr', {}, columns.map(column => h('th', { scope: 'col', class: column.kind }, column.title, column.of ? h('small', {}, column.of) : null)))),
      h('tbody', {}, ranking.candidates.map(candidate => row(candidate, groups))))),
    ranking.agreement ? h('p', {}, agreement(ranking.agreement)) : null,
    ranking.warnings.map(warning => h('p', { class: 'note' }, ranking.agreement ? `By the prediction alone: ${warning}` : sentence(warning)))];
}

function row(candidate, groups) {
  return h('tr', { class: candidate.rank === 1 ? 'first' : '', 'data-candidate': candidate.candidate }, groups.map(group => candidate.rank === null && group.isPrediction
    ? h('td', { class: 'wrap dim', colSpan: group.columns.length }, candidate.failure?.message ?? candidate.reason ?? '')
    : group.columns.map(column => h('td', { class: column.kind }, column.cell(candidate)))));
}

function columnsOf(ranking, colourOf) {
  const { candidates, window: { firstEpoch, lastEpoch } } = ranking;
  const epochs = firstEpoch === lastEpoch ? `epoch ${lastEpoch}` : `epochs ${firstEpoch} to ${lastEpoch}`;
  const later = laterOf(candidates, lastEpoch);
  const isKnown = candidates.some(candidate => candidate.finalAccuracy !== null);
  return [
    { columns: [
      { title: 'Rank', kind: 'number', cell: ({ rank }) => rank ?? '–' },
      { title: 'Candidate', kind: 'name', cell: ({ candidate }) => [h('span', { class: 'swatch', style: `background:${colourOf(candidate)}` }), candidate] }] },
    ranking.unit === 'score'
      ? { title: 'Measured before training', isPrediction: true, columns: [{ title: 'Score', kind: 'number', cell: ({ score }) => number(score) }] }
      : { title: `From ${epochs}`, isPrediction: true, columns: predicted(ranking, colourOf) },
    later || isKnown ? { title: 'Other epochs and images', columns: [
      later ? { title: 'Seen last', of: `validation, ${later}`, kind: 'number', cell: seenLast(later) } : null,
      isKnown ? { title: 'Final', of: ranking.finalAccuracyMeaning, kind: 'number', cell: ({ finalAccuracy }) => percent(finalAccuracy) } : null].filter(Boolean) } : null,
    { columns: [{ title: 'Time', kind: 'number dim', cell: ({ seconds }) => duration(seconds) }] },
  ].filter(Boolean);
}

function predicted({ candidates, confidence, window: { lastEpoch } }, colourOf) {
  const range = scaleOf(candidates);
  return [
    { title: 'Predicted final', of: 'accuracy', kind: 'number', cell: ({ predictedAccuracy }) => percent(predictedAccuracy) },
    { title: `${+(100 * confidence).toFixed(1)} % interval`, kind: 'between', cell: candidate => between(candidate, range, colourOf(candidate.candidate)) },
    { title: 'Seen', of: `validation, epoch ${lastEpoch}`, kind: 'number', cell: ({ seenInWindow, epochs }) => [percent(seenInWindow), at(epochs.at(-1), lastEpoch)] },
    { title: 'P(best)', kind: 'number', cell: ({ probabilityBest }) => probabilityBest?.toFixed(2) ?? '–' }];
}

/** Of which epoch the last ones seen are, in words; null: nobody has gone beyond what the prediction uses. */
function laterOf(candidates, lastEpoch) {
  const seen = candidates.filter(candidate => candidate.lastSeenAccuracy !== null);
  const isLater = ({ lastSeenEpoch, epochs }) => lastSeenEpoch === null || lastSeenEpoch > (epochs.at(-1) ?? lastEpoch);
  if (!seen.some(isLater)) return null;
  const epochs = new Set(seen.map(({ lastSeenEpoch }) => lastSeenEpoch));
  return epochs.size === 1 && !epochs.has(null) ? `epoch ${[...epochs][0]}` : 'last epoch of each';
}

const seenLast = later => ({ lastSeenAccuracy, lastSeenEpoch }) => [percent(lastSeenAccuracy), later.startsWith('epoch') ? null : at(lastSeenEpoch)];

/** Which epoch a number is of, where the header does not say so. */
const at = (epoch, header) => epoch === undefined || epoch === null || epoch === header ? null : h('small', { class: 'dim' }, ` epoch ${epoch}`);

/** From the lowest to the highest number shown, with some air. */
function scaleOf(candidates) {
  const values = candidates.flatMap(c => [c.intervalLow, c.intervalHigh, c.predictedAccuracy, c.finalAccuracy]).filter(value => value !== null);
  const low = Math.min(...values), high = Math.max(...values), air = (high - low) * 0.04 || 0.01;
  return value => 4 + 192 * (value - low + air) / (high - low + 2 * air);
}

/** The bounds as numbers, and drawn on the scale that all rows have. */
const between = (candidate, x, colour) => candidate.intervalLow === null ? '–'
  : [h('small', { class: 'dim' }, `${(100 * candidate.intervalLow).toFixed(1)} – ${percent(candidate.intervalHigh)}`), bar(candidate, x, colour)];

function bar(candidate, x, colour) {
  const [low, high, at] = [x(candidate.intervalLow), x(candidate.intervalHigh), x(candidate.predictedAccuracy)];
  return svg('svg', { class: 'interval', viewBox: '0 0 200 22', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('line', { x1: 0, x2: 200, y1: 11, y2: 11, stroke: 'var(--line)' }),
    svg('rect', { x: low, y: 6, width: Math.max(high - low, 1), height: 10, rx: 3, fill: colour, opacity: 0.32 }),
    svg('line', { x1: at, x2: at, y1: 3, y2: 19, stroke: colour, 'stroke-width': 3 }),
    candidate.finalAccuracy === null ? null
      : svg('line', { x1: x(candidate.finalAccuracy), x2: x(candidate.finalAccuracy), y1: 2, y2: 20, stroke: 'var(--text)', 'stroke-width': 1.4, 'stroke-dasharray': '3 2' }));
}

function agreement({ spearman, spearmanInterval, finalAccuracyOf, candidates, top1Regret }) {
  const regret = top1Regret === null ? '' : ` Taking the first gives ${top1Regret > 0 ? `away ${(100 * top1Regret).toFixed(1)} points` : 'nothing away'}.`;
  return [`Spearman’s ρ with the final ${finalAccuracyOf} accuracy (dashed): `, h('strong', {}, spearman.value === null ? spearman.reason : spearman.value.toFixed(3)),
    `${interval(spearmanInterval)} over ${candidates} candidates.${regret}`];
}

const interval = ({ low, high, confidence }) => low === null ? ''
  : ` (${low.toFixed(2)} to ${high.toFixed(2)}, ${+(100 * confidence).toFixed(1)} %)`;

/** Ranks by several predictors, a column each; the order of the rows is that of the first. */
export function comparison({ candidates, predictors }) {
  const ranks = predictors.map(p => new Map(p.candidates.map(c => [c.candidate, c])));
  const known = predictors.some(p => p.agreement);
  return scrollable('Ranks side by side', h('table', {},
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
