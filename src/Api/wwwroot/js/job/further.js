/** The spec of the job that looks further: the same but for what the answer names. */
export const furtherSpec = (spec, { name, observe, candidates }) => JSON.stringify({
  ...spec,
  name,
  candidates: spec.candidates.filter(candidate => candidates.includes(candidate.name)),
  selection: { ...spec.selection, mode: 'early', observe, race: undefined },
});
