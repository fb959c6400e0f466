import { styleOf } from '../palette.js';

/** The candidates of a job as all its charts and tables show them: each with its style, and which are hidden. `changed` is called when that changes. */
export function shownCandidates(job, changed) {
  const names = job.spec.candidates.map(candidate => candidate.name);
  const styles = new Map(names.map((name, index) => [name, styleOf(index)]));
  const hidden = new Set();
  return {
    names,
    styleOf: name => styles.get(name),
    isShown: name => !hidden.has(name),
    toggle(name) {
      if (!hidden.delete(name)) hidden.add(name);
      changed();
    },
  };
}
