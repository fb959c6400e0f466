import { h, scrollable, withNames } from '../dom.js';
import { datasetName, number, percent, when } from '../format.js';
import { badge } from '../progress.js';
import { may } from '../session.js';
import { candidatesOf } from './compared.js';
import { labelOf } from './job-table.js';
import { differences } from './spec-differences.js';

/** What each job comes to. */
export function answerCards(compared) {
  return h('div', { class: 'answers' }, compared.map(({ job, ranking, rankingError }) => h('section', { class: 'panel', 'aria-label': labelOf(job) },
    h('div', { class: 'panel-head' }, h('h2', {}, h('a', { href: `#/jobs/${job.id}` }, labelOf(job))), badge(job.state)),
    ranking ? [h('p', {}, withNames(ranking.answer.sentence, 'strong')), h('p', { class: 'dim' }, withNames(ranking.answer.next, 'strong'))] : h('p', { class: 'note' }, `There is no ranking now: ${rankingError.message}`),
    h('p', { class: 'dim' }, `${dataOf(job)} · created ${when(job.createdAt)}`),
    may('submit') ? h('p', {}, h('a', { href: `#/new?from=${job.id}` }, 'Run again with …')) : null)));
}

/** The candidates of jobs on the same data, a column each. */
export function candidateTable(compared, saysData) {
  const title = saysData ? `Candidates on ${dataOf(compared[0].job)}` : 'Candidates';
  const splits = new Set(compared.map(({ job: { spec } }) => spec.training.validation));
  return h('section', { class: 'panel', 'aria-label': title },
    h('div', { class: 'panel-head' }, h('h2', {}, title)),
    splits.size > 1 ? h('p', { class: 'note' }, 'Different shares of the images were set aside for validation: last seen accuracies are of other images.') : null,
    scroll(title, h('table', { class: 'side-by-side' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Candidate'), compared.map(({ job, ranking }) => h('th', { scope: 'col' }, labelOf(job), ranking ? h('div', { class: 'dim' }, basisOf(ranking)) : null)))),
      h('tbody', {}, candidatesOf(compared.map(({ ranking }) => ranking)).map(row => h('tr', {},
        h('th', { scope: 'row' }, row.title),
        row.in.map((candidate, place) => h('td', {}, compared[place].ranking ? standing(candidate, compared[place].ranking) : h('span', { class: 'dim' }, 'no ranking')))))))));
}

/** Settings that differ, those of the first job to be compared with; equal ones are folded away. */
export function differenceTables(jobs) {
  const { different, same } = differences(jobs.map(job => job.spec));
  return h('section', { class: 'panel', 'aria-label': 'Settings' },
    h('div', { class: 'panel-head' }, h('h2', {}, 'Settings that differ')),
    different.length === 0 ? h('p', {}, 'None: the specs are the same but for their labels.') : settings('Settings that differ', jobs, different),
    h('details', {}, h('summary', {}, `${same.length} settings are the same`),
      scroll('Equal settings', h('table', {}, h('tbody', {}, same.map(({ path, values }) => h('tr', {}, h('th', { scope: 'row' }, h('code', {}, path)), h('td', { class: 'value' }, values[0]))))))));
}

function settings(title, jobs, rows) {
  return [
    h('p', { class: 'dim' }, 'Marked: what is not as in ', h('strong', {}, labelOf(jobs[0])), '.'),
    scroll(title, h('table', { class: 'side-by-side' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Setting'), jobs.map(job => h('th', { scope: 'col' }, labelOf(job))))),
      h('tbody', {}, rows.map(({ path, values }) => h('tr', {}, h('th', { scope: 'row' }, h('code', {}, path)),
        values.map(value => h('td', { class: 'value' }, value === values[0] ? value ?? '–' : h('mark', {}, value ?? 'not set')))))))),
  ];
}

function standing(candidate, ranking) {
  if (candidate === null) return h('span', { class: 'dim' }, 'not in this job');
  const { rank, score, predictedAccuracy, intervalLow, intervalHigh, lastSeenAccuracy, finalAccuracy } = candidate;
  const facts = rank === null
    ? [['', candidate.failure?.message ?? candidate.reason ?? 'no prediction']]
    : score !== null ? [['score', number(score)]] : [['predicted', `${percent(predictedAccuracy)} (${range(intervalLow, intervalHigh)})`]];
  return [
    h('div', { class: rank === 1 ? 'rank best' : 'rank' }, rank === null ? 'no rank' : `rank ${rank} of ${ranking.candidates.filter(other => other.rank !== null).length}`),
    ...[...facts, ['last seen', percent(lastSeenAccuracy)], ...(finalAccuracy === null ? [] : [['final', percent(finalAccuracy)]])]
      .map(([name, value]) => h('div', {}, name ? h('span', { class: 'dim' }, `${name} `) : null, value))];
}

const range = (low, high) => low === null ? 'no interval' : `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)}`;

/** Which numbers these are: jobs may be asked by different predictors, and be ranked after other epochs. */
const basisOf = ({ predictor, window, confidence, candidates, finalAccuracyMeaning }) => [
  `${predictor}, epochs ${window.firstEpoch} to ${window.lastEpoch}`, `${+(100 * confidence).toFixed(1)} % intervals`,
  candidates.some(candidate => candidate.finalAccuracy !== null) ? `final: ${finalAccuracyMeaning}` : null].filter(Boolean).join('; ');

const dataOf = ({ spec }) => `${datasetName(spec.dataset)}, ${spec.training.imageSize} px`;

const scroll = (label, table) => scrollable(`${label}, table`, table);
