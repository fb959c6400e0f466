/** What sets specs apart. Pure. */

/** A resolved spec, flat: path → text. Candidates go by name, for their order says nothing; lists are one text. The label is no setting. */
export function flatten({ name, candidates, ...settings }) {
  return new Map([
    ...leaves(settings, ''),
    ...candidates.map(candidate => [`candidates.${candidate.name}`, [candidate.backbone, candidate.weights, candidate.module].filter(Boolean).join(', ')]),
  ]);
}

/** Each path with what every spec has there (null: nothing), apart by whether they all have the same. */
export function differences(specs) {
  const flat = specs.map(flatten);
  const paths = [...new Set(flat.flatMap(spec => [...spec.keys()]))];
  const rows = paths.map(path => ({ path, values: flat.map(spec => spec.get(path) ?? null) }));
  const isSame = ({ values }) => values.every(value => value === values[0]);
  return { different: rows.filter(row => !isSame(row)), same: rows.filter(isSame) };
}

function leaves(value, path) {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [[path, value.map(item => typeof item === 'object' ? JSON.stringify(item) : String(item)).join(', ')]];
  if (typeof value === 'object') return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path ? `${path}.${name}` : name));
  return [[path, String(value)]];
}
