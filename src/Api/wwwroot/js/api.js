const root = new URL('api/v1/', document.baseURI);

/** The service refused: `problem` is its RFC 9457 answer. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(new URL(path, root), options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ProblemError({ title: 'The service cannot be reached', detail: 'Is it still running? This page tries again by itself.' });
  }
  if (response.status === 204) return null;
  const isJson = response.headers.get('content-type')?.includes('json');
  const body = isJson ? await response.json() : null;
  // Whoever shows the page decides what to do about it; who asked is told as of every other refusal.
  if (response.status === 401) dispatchEvent(new Event('nobody'));
  if (!response.ok) throw new ProblemError(body ?? { title: `The service answered ${response.status}` });
  return body;
}

let pending = { spec: null, key: null };

/** A second try with the same text, after an answer that never came, finds the first one's job. */
export async function submit(spec) {
  if (pending.spec !== spec) pending = { spec, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  const job = await call('jobs', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': pending.key },
    body: spec,
  });
  pending = { spec: null, key: null };
  return job;
}

export const address = path => new URL(path, root).href;
