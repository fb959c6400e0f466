import { announce, h } from '../dom.js';
import { call } from '../api.js';
import { problemPanel } from '../problem.js';
import { filterForm } from './filter-form.js';
import { hashOf, inWords, isNarrow, pathOf, readFilter } from './filter.js';
import { jobTable } from './job-table.js';
import { lookAgain, pageSize } from './listing.js';
import { pager as pagerOf } from './pager.js';
import { selection as selectionOf } from './selection.js';

const refreshMilliseconds = 3000;

/** The jobs, page by page. Rows tell what happens to their jobs; which rows there are changes only when somebody asks for it, so that nothing moves that is being read. */
export function jobsView(main, signal, query) {
  let filter = readFilter(query), asked = 0, more = 0, wasTyping = false, failed = false;
  const form = filterForm((part, isTyping) => go({ ...filter, ...part, cursor: '' }, isTyping), signal);
  const selection = selectionOf();
  const table = jobTable(selection.boxOf);
  const pager = pagerOf(page => go(page, false));
  const summary = h('p', { class: 'dim', tabIndex: -1 });
  const changes = h('span', {});
  const update = h('button', { type: 'button', hidden: true, onclick: async () => { await load(); summary.focus(); } }, 'Update the list');
  const body = h('div', {});
  main.append(
    h('div', { class: 'head' }, h('h1', {}, 'Jobs'), h('a', { class: 'button primary', href: '#/new' }, 'New job')),
    h('section', { class: 'panel', 'aria-label': 'Jobs' }, form.element, h('div', { class: 'row list-head' }, summary, form.clear, changes, update), body),
    pager.element, selection.element);
  load();
  const timer = setInterval(() => { if (!document.hidden) refresh(); }, refreshMilliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));

  /** Another filter or page. The address follows; the browser's own steps come back here through it. */
  async function go(next, isTyping) {
    if (hashOf(next) === hashOf(filter)) return;
    filter = next;
    // A word is one step to come back from, not each of its letters.
    history[isTyping && wasTyping ? 'replaceState' : 'pushState'](null, '', hashOf(filter));
    wasTyping = isTyping;
    await load();
    announce(summary.textContent);
  }

  async function load() {
    const mine = ++asked;
    form.show(filter);
    try {
      const page = await call(pathOf(filter, pageSize), { signal });
      if (mine !== asked) return; // something else has been asked for
      failed = false;
      table.show(page.items);
      tell(0, 0);
      summary.textContent = summaryOf(page, filter);
      body.replaceChildren(page.items.length > 0 ? table.element : nothing());
      pager.show(filter, page.nextCursor ?? '');
    } catch (error) {
      if (error.name === 'AbortError' || mine !== asked) return;
      failed = true;
      table.show([]);
      summary.textContent = '';
      body.replaceChildren(problemPanel(error));
    }
  }

  async function refresh() {
    const shown = table.jobs();
    const mine = asked;
    try {
      if (shown.length === 0) {
        const { items } = await call(pathOf(filter, 1), { signal });
        if (mine === asked && (items.length > 0 || failed)) load();
        return;
      }
      const now = await lookAgain(filter, shown, more, signal);
      if (mine !== asked) return;
      table.update(now.jobs);
      tell(now.more, now.fewer);
    } catch (error) {
      if (error.name !== 'AbortError' && mine === asked && !failed) changes.textContent = `Not up to date: ${error.message}`;
    }
  }

  function tell(come, gone) {
    more = come;
    const text = [come > 0 && `${come} more`, gone > 0 && `${gone} no longer here`].filter(Boolean).join(', ');
    if (text && text !== changes.textContent) announce(`The list has changed: ${text}.`);
    changes.textContent = text;
    update.hidden = text === '';
  }

  function nothing() {
    if (filter.cursor !== '') return h('div', { class: 'empty' }, h('p', {}, 'No job is older.'));
    return isNarrow(filter)
      ? h('div', { class: 'empty' },
        h('p', {}, `No job fits: ${inWords(filter)}.`),
        h('p', {}, h('button', { type: 'button', onclick: form.clearAll }, 'Show all jobs')))
      : h('div', { class: 'empty' },
        h('p', {}, 'No job yet. A job trains each candidate backbone for a few epochs under a frozen probe and predicts which one will end up best.'),
        h('p', {}, h('a', { class: 'button primary', href: '#/new' }, 'Submit the first one')));
  }
}

function summaryOf({ items, nextCursor }, filter) {
  const jobs = `${items.length} ${items.length === 1 ? 'job' : 'jobs'}`;
  const which = filter.cursor !== '' ? `${jobs}, older ones` : nextCursor ? `The newest ${jobs}` : jobs;
  return items.length === 0 ? 'No job' : isNarrow(filter) ? `${which} that ${items.length === 1 ? 'fits' : 'fit'}` : which;
}
