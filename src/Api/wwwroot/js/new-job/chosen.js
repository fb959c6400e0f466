// What a spec's `candidates` says: pure functions of the list as it is written, whatever is written there.

export const filePrefix = 'file:';

export const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (one, other) => typeof one === 'string' && one.toLowerCase() === other.toLowerCase();

export const candidatesOf = spec => Array.isArray(spec?.candidates) ? spec.candidates : [];

export const backboneOf = candidate => typeof candidate === 'string' ? candidate : isObject(candidate) ? candidate.backbone : undefined;

/** Places of a backbone's candidates in the list: several, where it is named with several weights. */
export const placesOf = (candidates, backbone) => candidates.flatMap((candidate, place) => same(backboneOf(candidate), backbone) ? [place] : []);

/** What the candidate starts from: `imagenet`, `random` or `file:PATH`. */
export const weightsOf = (candidate, backbone) => (isObject(candidate) ? candidate.weights : null) ?? backbone.defaultWeights;

export const isFile = weights => typeof weights === 'string' && weights.toLowerCase().startsWith(filePrefix);

/** These backbones too. Those that are there stay as they are written. */
export const withBackbones = (candidates, names) => [...candidates, ...names.filter(name => placesOf(candidates, name).length === 0)];

/** Nothing but these. */
export const onlyBackbones = (candidates, names) => withBackbones(candidates.filter(candidate => names.some(name => same(backboneOf(candidate), name))), names);

export const withoutBackbones = (candidates, names) => candidates.filter(candidate => !names.some(name => same(backboneOf(candidate), name)));

/** A plain name says all where the weights are the backbone's usual ones. */
export function withWeights(candidates, place, weights, backbone) {
  const { name, weights: before, ...rest } = isObject(candidates[place]) ? candidates[place] : { backbone: candidates[place] };
  const kept = name === undefined || name === null || name === nameOf(backbone.name, before ?? backbone.defaultWeights) ? {} : { name };
  const said = weights === backbone.defaultWeights ? {} : { weights };
  const next = { ...rest, ...said, ...kept };
  return candidates.with(place, Object.keys(next).length === 1 ? next.backbone : next);
}

/** The weights that a backbone's candidates do not have yet; a file to be named, where they have all. */
export const otherWeights = (candidates, backbone) => backbone.weights.filter(kind => kind !== 'file')
  .find(kind => !placesOf(candidates, backbone.name).some(place => weightsOf(candidates[place], backbone) === kind)) ?? filePrefix;

/** What the service calls a candidate that has no name of its own. */
const nameOf = (backbone, weights) => weights === 'random' ? backbone : `${backbone}@${weights}`;

/** The same spec with less text: what is null counts as absent, and so does the name that a candidate gets anyway. */
export function compact(value) {
  if (Array.isArray(value)) return value.map(compact);
  if (!isObject(value)) return value;
  const { backbone, weights, name } = value;
  return Object.fromEntries(Object.entries(value)
    .filter(([field, held]) => held !== null && !(field === 'name' && backbone !== undefined && name === nameOf(backbone, weights)))
    .map(([field, held]) => [field, compact(held)]));
}
