import { h } from '../dom.js';
import { call } from '../api.js';
import { compact } from './chosen.js';

/** The spec that one starts with, and where it comes from: that of the job `from`, else the example, on the data set named where one is. */
export async function firstSpec({ from, dataset }, signal) {
  if (from === undefined) {
    const example = await call('jobs/example', { signal });
    if (dataset === undefined) return { spec: example, origin: null };
    const { spec } = await call(`datasets/${dataset}`, { signal });
    return { spec: onImages(example, decodeURIComponent(dataset), said(spec)), origin: null };
  }

  const job = await call(`jobs/${encodeURIComponent(from)}`, { signal });
  // What trains a winner to the end is no selection; that is in the job that it belongs to.
  if (job.finalizes) return firstSpec({ from: job.finalizes }, signal);
  return {
    spec: compact(job.spec),
    origin: h('p', { class: 'dim' }, 'The spec of ', h('a', { href: `#/jobs/${job.id}` }, job.name ?? job.id), ', with every default filled in. Change what is to be different.'),
  };
}

/** The example's candidates on other images: on all of them, and no further than a prediction needs. */
function onImages(example, name, dataset) {
  const { trainLimit: _, ...training } = example.training;
  return { ...example, name, dataset, training, selection: { ...example.selection, mode: 'early' } };
}

/** A data set's spec without what it leaves open. */
export const said = dataset => Object.fromEntries(Object.entries(dataset).filter(([, value]) => value !== null));

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
