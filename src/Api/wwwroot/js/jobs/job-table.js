import { h } from '../dom.js';
import { datasetName, duration, when } from '../format.js';
import { badge, progressBar, shareDone } from '../progress.js';
import { may } from '../session.js';

export const labelOf = job => job.name ?? job.id.slice(0, 8);

/** A table of jobs whose rows stay where they are: `show` says which there are, `update` what is in them. `boxOf(id, label)` makes a row's checkbox. */
export function jobTable(boxOf) {
  const rows = new Map();
  const body = h('tbody', { role: 'rowgroup' });
  const element = h('table', { class: 'jobs', role: 'table', 'aria-label': 'Jobs, newest first' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
      ['Compare', 'Job', 'State', 'Progress', 'Created', 'Again'].map((name, index) => h('th', { scope: 'col', role: 'columnheader' }, index === 0 ? h('span', { class: 'visually-hidden' }, name) : name)))),
    body);
  return { element, show, update, jobs: () => [...rows.values()].map(row => row.job()) };

  function show(jobs) {
    const kept = new Map(rows);
    rows.clear();
    for (const job of jobs) {
      const row = kept.get(job.id) ?? rowOf(job, boxOf);
      row.update(job);
      rows.set(job.id, row);
    }
    body.replaceChildren(...[...rows.values()].map(row => row.element));
  }

  function update(jobs) {
    for (const job of jobs) rows.get(job.id)?.update(job);
  }
}

function rowOf(first, boxOf) {
  let job = first, shown = '';
  const label = labelOf(job);
  const state = cell('state'), progress = cell('progress');
  const element = h('tr', { role: 'row' },
    cell('choice', boxOf(job.id, label)),
    cell('name', h('a', { href: `#/jobs/${job.id}` }, label), h('div', { class: 'dim' }, about(job))),
    state, progress,
    cell('created dim', h('time', { datetime: job.createdAt }, when(job.createdAt))),
    cell('again', may('submit') ? h('a', { href: `#/new?from=${job.id}` }, 'Run again with …', h('span', { class: 'visually-hidden' }, ` ${label}`)) : null));
  return { element, update, job: () => job };

  /** Nothing is touched that is the same: it may be selected, or read aloud. */
  function update(now) {
    job = now;
    const text = progressText(job);
    const next = JSON.stringify([job.state, job.progress, text]);
    if (next === shown) return;
    shown = next;
    state.replaceChildren(badge(job.state));
    progress.replaceChildren(progressBar(shareDone(job)), h('small', { class: 'dim' }, text));
  }
}

const cell = (kind, ...children) => h('td', { class: kind, role: 'cell' }, ...children);

const about = ({ spec }) => `${datasetName(spec.dataset)} · ${spec.candidates.length} ${spec.candidates.length === 1 ? 'candidate' : 'candidates'}`;

const progressText = ({ progress, etaSeconds }) =>
  `${progress.epochsDone} of ${progress.epochs} epochs${etaSeconds === null ? '' : `, about ${duration(etaSeconds)} left`}`;
