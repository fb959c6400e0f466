import { styleOf } from '../palette.js';

/** The candidates of a job as all its charts and tables show them: each with its style, which are hidden, and which one is highlighted. Who has subscribed is called when that changes. */
export function shownCandidates(job) {
  const names = job.spec.candidates.map(candidate => candidate.name);
  const styles = new Map(names.map((name, index) => [name, styleOf(index)]));
  const hidden = new Set(), listeners = new Set();
  let highlighted = null;
  const changed = () => listeners.forEach(listener => listener());
  const isShown = name => !hidden.has(name);

  return {
    names,
    isShown,
    styleOf: name => styles.get(name),
    shown: () => names.filter(isShown),
    toggle(name) {
      if (!hidden.delete(name)) hidden.add(name);
      changed();
    },
    highlighted: () => highlighted,
    /** Null: none. */
    highlight(name) {
      if (name === highlighted || (name !== null && !styles.has(name))) return;
      highlighted = name;
      changed();
    },
    /** Another one is highlighted. */
    isDim: name => highlighted !== null && isShown(highlighted) && name !== highlighted,
    subscribe: listener => listeners.add(listener),
  };
}
