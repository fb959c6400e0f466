import { h } from '../dom.js';
import { hashOf } from './filter.js';

/** From which page one came to another, by their addresses: a cursor leads forward only. */
const pageBefore = new Map();

/** Links to the pages around; `go(filter)` shows one in place. */
export function pager(go) {
  const newer = h('a', { class: 'button' });
  const older = h('a', { class: 'button' }, 'Older jobs');
  const element = h('nav', { class: 'row pager', 'aria-label': 'Pages of jobs' }, newer, older);
  return { element, show };

  function show(filter, nextCursor) {
    const back = pageBefore.get(hashOf(filter));
    const next = { ...filter, cursor: nextCursor };
    if (nextCursor) pageBefore.set(hashOf(next), filter);
    newer.textContent = back ? 'Newer jobs' : 'Newest jobs';
    lead(newer, back ?? { ...filter, cursor: '' }, filter.cursor !== '');
    lead(older, next, Boolean(nextCursor));
  }

  /** An ordinary link, so that it can be opened elsewhere; here the focus stays on it. */
  function lead(link, filter, exists) {
    link.hidden = !exists;
    link.setAttribute('href', hashOf(filter));
    link.onclick = event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(filter);
    };
  }
}
