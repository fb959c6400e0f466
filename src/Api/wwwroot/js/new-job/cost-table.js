import { h, scrollable } from '../dom.js';
import { bytes, duration } from '../format.js';

/** A dry run's answer: figures of each candidate and their sum, and what stands in the way. `locate(path)` shows where in the spec. */
export function costTable(estimate, spec, locate) {
  const { candidates, images, obstacles, problems } = estimate;
  const placeOf = ({ path }) => Number(path.match(/^candidates\[(\d+)\]/)?.[1] ?? -1);
  const others = obstacles.filter(obstacle => placeOf(obstacle) < 0 || placeOf(obstacle) >= candidates.length);
  const first = candidates.find(({ cost }) => cost)?.cost;
  return [
    others.length > 0 ? h('ul', { class: 'obstacles' }, others.map(obstacle => h('li', {}, told(obstacle, locate)))) : null,
    ...problems.map(problem => h('p', { class: 'note' }, problem)),
    scrollable('Cost of each candidate', h('table', { class: 'costs' },
      h('caption', {}, `${first ? `Measured on ${first.device}${first.device === 'cpu' ? ` with ${first.threads} threads` : ''}. ` : ''}${images.train.toLocaleString()} training, `
        + `${images.validation.toLocaleString()} validation, ${images.test.toLocaleString()} test images; ${estimate.epochs} epochs, ${estimate.repeats} ${estimate.repeats === 1 ? 'trial' : 'trials'} each.`),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Candidate'), numeric('An epoch'), numeric('In all'), numeric('Memory'))),
      candidates.map((candidate, place) => rows(candidate, obstacles.filter(obstacle => placeOf(obstacle) === place), spec, locate)),
      h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, 'One after the other'), cell(''), cell(duration(estimate.seconds)), cell(size(estimate.peakMemoryBytes)))))),
    h('p', {}, sumNote(candidates, obstacles))].filter(part => part !== null);
}

/** The figures, and below them what is to be known of them. */
function rows({ candidate, cost, secondsPerEpoch, seconds, reason }, obstacles, spec, locate) {
  const isSmaller = cost && cost.measuredBatch < (spec?.training?.batchSize ?? 64);
  const notes = [
    reason ? h('p', {}, reason) : null,
    ...obstacles.map(obstacle => h('p', {}, told(obstacle, locate))),
    isSmaller ? h('p', { class: 'dim' }, `Measured with ${cost.measuredBatch} images a step.`) : null].filter(note => note !== null);
  return h('tbody', {},
    h('tr', {}, h('th', { scope: 'row' }, candidate), cell(brief(secondsPerEpoch)), cell(brief(seconds)), cell(size(cost?.peakMemoryBytes))),
    notes.length > 0 ? h('tr', { class: 'notes' }, h('td', { colSpan: 4 }, notes)) : null);
}

function told({ path, problem, accepted }, locate) {
  return [
    h('a', { href: '#', onclick: event => { event.preventDefault(); locate(path); } }, h('code', {}, path)), ` ${problem.replace(/\.$/, '')}.`,
    accepted ? h('span', { class: 'dim' }, ` Accepted: ${accepted}.`) : null];
}

const sumNote = (candidates, obstacles) => `${candidates.some(({ seconds }) => seconds === null) ? 'What could not be measured is not in the sum. ' : ''}`
  + (obstacles.length > 0 ? 'Until nothing is in its way, the job would be refused.' : 'Nothing is in its way: the job would be accepted.');

const brief = seconds => seconds === null || seconds === undefined ? '–' : seconds < 10 ? `${seconds.toFixed(2)} s` : duration(seconds);

const size = value => value === null || value === undefined ? '–' : bytes(value);

const cell = text => h('td', { class: 'number' }, text);

const numeric = text => h('th', { class: 'number', scope: 'col' }, text);
