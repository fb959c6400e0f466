/**
 * What was observed of each candidate, epoch by epoch, over its repeats: kept up to date observation by observation, so that drawing costs the same however many there are.
 * Repeats that have failed are left out, as they are of rankings and reports; of a candidate of which nothing else is left, they are what there is.
 */
export function observedCurves(names) {
  const candidates = new Map(names.map(name => [name, { cells: [], points: [], dirty: new Set(), trials: new Map(), curve: [] }]));
  let last = 0;

  return {
    /** An epoch that a trial has repeated counts once. */
    add({ candidate, trialId, epoch, validationAccuracy, betaEff }) {
      const own = candidates.get(candidate);
      own.cells[epoch] ??= new Map();
      own.cells[epoch].set(trialId, { accuracy: validationAccuracy, beta: betaEff });
      own.dirty.add(epoch);
      last = Math.max(last, epoch);
    },
    /** A trial's state has been told. */
    follow({ id, candidate, state }) {
      const own = candidates.get(candidate);
      const changes = (own.trials.get(id) === 'failed') !== (state === 'failed');
      own.trials.set(id, state);
      if (changes) own.cells.forEach((_, epoch) => own.dirty.add(epoch));
    },
    /** In order of epochs: { epoch, accuracy, beta }, each null where nothing is finite, or { mean, low, high, count }. */
    curve: name => refreshed(candidates.get(name)).curve,
    at: (name, epoch) => refreshed(candidates.get(name)).points[epoch],
    hasFailed: name => {
      const states = [...candidates.get(name).trials.values()];
      return states.length > 0 && states.every(state => state === 'failed');
    },
    /** The greatest epoch of all. */
    lastEpoch: () => last,
    isEmpty: () => [...candidates.values()].every(({ cells }) => cells.length === 0),
  };
}

function refreshed(own) {
  if (own.dirty.size === 0) return own;
  const isUseful = trialId => own.trials.get(trialId) !== 'failed';
  for (const epoch of own.dirty) {
    const all = [...own.cells[epoch]];
    const counted = all.filter(([trialId]) => isUseful(trialId));
    const values = (counted.length > 0 || [...own.trials.keys()].some(isUseful) ? counted : all).map(([, value]) => value);
    own.points[epoch] = values.length === 0 ? undefined : { epoch, accuracy: spread(values.map(value => value.accuracy)), beta: spread(values.map(value => value.beta)) };
  }
  own.dirty.clear();
  own.curve = own.points.filter(point => point !== undefined);
  return own;
}

function spread(values) {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? null
    : { mean: finite.reduce((sum, value) => sum + value, 0) / finite.length, low: Math.min(...finite), high: Math.max(...finite), count: finite.length };
}
