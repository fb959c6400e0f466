import { h } from '../dom.js';
import { call } from '../api.js';
import { compact } from './chosen.js';

/** The spec that one starts with, and where it comes from: that of the job `from`, else the example. */
export async function firstSpec(from, signal) {
  if (from === undefined) return { spec: await call('jobs/example', { signal }), origin: null };
  const job = await call(`jobs/${encodeURIComponent(from)}`, { signal });
  // What trains a winner to the end is no selection; that is in the job that it belongs to.
  if (job.finalizes) return firstSpec(job.finalizes, signal);
  return {
    spec: compact(job.spec),
    origin: h('p', { class: 'dim' }, 'The spec of ', h('a', { href: `#/jobs/${job.id}` }, job.name ?? job.id), ', with every default filled in. Change what is to be different.'),
  };
}

/** All pages of a listing. */
export async function all(path, signal) {
  const items = [];
  for (let cursor = null; ;) {
    const page = await call(`${path}?limit=500${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, { signal });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return items;
  }
}
