import { h } from './dom.js';

/** What went wrong, each fault on its own line. `locate(path)` shows where in the form. */
export function problemPanel(error, locate) {
  const problem = error.problem ?? { title: 'Something went wrong in this page', detail: String(error) };
  const faults = problem.errors ?? [];
  return h('div', { class: 'alert', role: 'alert', tabindex: '-1' },
    h('strong', {}, problem.title ?? 'The request failed'),
    faults.length === 0 && problem.detail ? h('p', {}, problem.detail) : null,
    faults.length === 0 ? null : h('ul', {}, faults.map(fault => h('li', {},
      locate ? h('a', { href: '#', onclick: event => { event.preventDefault(); locate(fault.path); } }, h('code', {}, fault.path)) : h('code', {}, fault.path),
      ' ', fault.problem, fault.value === null || fault.value === undefined ? '' : ` (found ${fault.value})`, '.',
      fault.accepted ? h('div', { class: 'dim' }, `Accepted: ${fault.accepted}`) : null))));
}
