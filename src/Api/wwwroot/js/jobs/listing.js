import { call } from '../api.js';
import { hasEnded } from '../progress.js';
import { pathOf } from './filter.js';

export const pageSize = 20;

/**
 * What has become of the jobs that are shown, newest first, and how the page that `filter` asks for differs from them by now: so many `more` would be listed,
 * so many that are shown would not (`fewer`). `more` is how many it were when last looked at.
 */
export async function lookAgain(filter, shown, more, signal) {
  const ids = new Set(shown.map(job => job.id));
  // Those that have come push others off the page, which are still shown.
  const page = await call(pathOf(filter, Math.min(pageSize + more, 100)), { signal });
  const listed = new Set(page.items.map(job => job.id));
  // Behind the end of a page one cannot see.
  const end = page.nextCursor ? madeAt(page.items.at(-1)) : -Infinity;
  const missing = shown.filter(job => !listed.has(job.id) && madeAt(job) > end);
  const left = await Promise.all(missing.filter(job => !hasEnded(job.state)).map(job => call(`jobs/${job.id}`, { signal }).catch(() => job)));
  return {
    jobs: [...page.items.filter(job => ids.has(job.id)), ...left],
    more: page.items.filter(job => !ids.has(job.id) && (shown.length < pageSize || madeAt(job) > madeAt(shown.at(-1)))).length,
    fewer: missing.length,
  };
}

const madeAt = job => Date.parse(job.createdAt);
