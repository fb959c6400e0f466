/** Which jobs are to be compared, and which numbers of theirs can be. Pure. */
import { least, most } from './selection.js';

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The ids that stand behind `#/compare?`, each once, and what is wrong with them; null: nothing. */
export function readIds(query) {
  const given = [...new Set(new URLSearchParams(query ?? '').getAll('jobs').flatMap(text => text.split(',')).map(text => text.trim().toLowerCase()).filter(Boolean))];
  const wrong = given.filter(text => !id.test(text));
  return { ids: given, fault: faultOf(given, wrong) };
}

function faultOf(given, wrong) {
  if (wrong.length > 0) return `${wrong.map(text => `“${text.slice(0, 40)}”`).join(' and ')} ${wrong.length === 1 ? 'is no id of a job' : 'are no ids of jobs'}.`;
  if (given.length < least) return `It takes at least ${least} different jobs to compare; the address names ${given.length === 0 ? 'none' : 'one'}.`;
  if (given.length > most) return `At most ${most} jobs can be compared; the address names ${given.length}.`;
  return null;
}

/**
 * Jobs on the same images at the same size, together: only their numbers can be compared. Images are the same where their digests are; before all jobs have read theirs,
 * where the specs say the same. `compared`: { job, datasetHash } each.
 */
export function byData(compared) {
  const known = compared.every(({ datasetHash }) => datasetHash !== null);
  const key = ({ job: { spec }, datasetHash }) => JSON.stringify([known ? datasetHash : spec.dataset, spec.training.imageSize]);
  return [...Map.groupBy(compared, key).values()];
}

/** Candidates of several jobs, in the order of the first one that has them: { title, in: [one of each job's ranking, or null] }. Those of one name with other weights are others. */
export function candidatesOf(rankings) {
  const found = new Map();
  rankings.forEach((ranking, place) => ranking?.candidates.forEach(candidate => {
    const key = JSON.stringify([candidate.candidate, candidate.backbone, candidate.weights]);
    if (!found.has(key)) found.set(key, { name: candidate.candidate, weights: candidate.weights, in: rankings.map(() => null) });
    found.get(key).in[place] = candidate;
  }));
  const all = [...found.values()];
  return all.map(entry => ({
    title: all.some(other => other !== entry && other.name === entry.name) ? `${entry.name} (${entry.weights})` : entry.name,
    in: entry.in,
  }));
}
