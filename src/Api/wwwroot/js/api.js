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
  return answerOf(response.status, isJson ? await response.json() : null);
}

function answerOf(status, body) {
  // Whoever shows the page decides what to do about it; who asked is told as of every other refusal.
  if (status === 401) dispatchEvent(new Event('nobody'));
  if (status < 200 || status >= 300) throw new ProblemError(body ?? { title: `The service answered ${status}` });
  return body;
}

/** Sends a file; `progress(sent, bytes)` is told how much has gone. */
export function upload(path, file, type, { signal, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', new URL(path, root));
    request.setRequestHeader('Content-Type', type);
    request.responseType = 'json';
    request.upload.addEventListener('progress', event => progress(event.loaded, event.total));
    request.addEventListener('load', () => {
      try {
        resolve(answerOf(request.status, request.response));
      } catch (error) {
        reject(error);
      }
    });
    request.addEventListener('error', () => reject(new ProblemError({
      title: 'The upload broke off', detail: 'The service cannot be reached, or a file was changed or removed meanwhile. Send it again: what was sent twice is stored once.',
    })));
    request.addEventListener('abort', () => reject(new DOMException('The view was left.', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
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
