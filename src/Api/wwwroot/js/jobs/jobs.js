import { h } from '../dom.js';
import { call } from '../api.js';
import { datasetName, duration, when } from '../format.js';
import { problemPanel } from '../problem.js';
import { badge, progressBar, shareDone } from '../progress.js';

const refreshMilliseconds = 3000;

export function jobsView(main, signal) {
  const body = h('div', { class: 'panel' });
  const more = h('button', { type: 'button', hidden: true, onclick: () => { pages++; refresh(); } }, 'Older jobs');
  let pages = 1;
  main.append(
    h('div', { class: 'head' }, h('h1', {}, 'Jobs'), h('a', { class: 'button primary', href: '#/new' }, 'New job')),
    body, h('div', {}, more));

  async function refresh() {
    try {
      const jobs = [];
      let cursor = null;
      for (let page = 0; page < pages; page++) {
        const answer = await call(`jobs?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, { signal });
        jobs.push(...answer.items);
        cursor = answer.nextCursor;
        if (!cursor) break;
      }
      more.hidden = !cursor;
      body.replaceChildren(jobs.length === 0 ? nothing() : table(jobs));
    } catch (error) {
      if (error.name !== 'AbortError') body.replaceChildren(problemPanel(error));
    }
  }

  const timer = setInterval(() => { if (!document.hidden && !body.contains(document.activeElement)) refresh(); }, refreshMilliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));
  refresh();
}

function nothing() {
  return h('div', { class: 'empty' },
    h('p', {}, 'No job yet. A job trains each candidate backbone for a few epochs under a frozen probe and predicts which one will end up best.'),
    h('p', {}, h('a', { class: 'button primary', href: '#/new' }, 'Submit the first one')));
}

function table(jobs) {
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, ['Job', 'State', 'Progress', 'Left', 'Candidates', 'Data set', 'Created'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, jobs.map(job => h('tr', {},
      h('td', {}, h('a', { href: `#/jobs/${job.id}` }, job.name ?? job.id.slice(0, 8))),
      h('td', {}, badge(job.state)),
      h('td', {}, progressBar(shareDone(job)), h('small', { class: 'dim' }, `${job.progress.epochsDone} of ${job.progress.epochs} epochs`)),
      h('td', {}, job.etaSeconds === null ? '' : duration(job.etaSeconds)),
      h('td', {}, String(job.spec.candidates.length)),
      h('td', {}, datasetName(job.spec.dataset)),
      h('td', { class: 'dim' }, when(job.createdAt)))))));
}
