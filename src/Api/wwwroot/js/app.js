import { h } from './dom.js';
import { jobsView } from './jobs/jobs.js';
import { compareView } from './jobs/compare.js';
import { newJobView } from './new-job/new-job.js';
import { datasetsView } from './datasets/datasets.js';
import { workersView } from './team/workers.js';
import { jobView } from './job/job.js';
import { keysView } from './team/keys.js';
import { caller, look, may, signOut } from './session.js';
import { signInView } from './team/sign-in.js';

const routes = [
  { pattern: /^#\/jobs\/([0-9a-f-]{36})$/i, nav: 'jobs', title: 'Job', view: jobView },
  { pattern: /^#\/new(?:\?(?:from=([^&]+)|dataset=([^&]+)))?$/, nav: 'new', title: 'New job', view: newJobView },
  { pattern: /^#\/datasets$/, nav: 'datasets', title: 'Data sets', view: datasetsView },
  { pattern: /^#\/workers$/, nav: 'workers', title: 'Workers', view: workersView },
  { pattern: /^#\/keys$/, nav: 'keys', title: 'Keys', view: keysView },
  { pattern: /^#\/compare(?:\?(.*))?$/, nav: 'jobs', title: 'Compare jobs', view: compareView },
  { pattern: /^(?:#\/?(?:\?(.*))?)?$/, nav: 'jobs', title: 'Jobs', view: jobsView },
];

const signInHash = '#/sign-in';

let leave = () => {};

function show() {
  // The skip link is a fragment too.
  if (location.hash === '#main') return;
  const main = document.getElementById('main');
  leave();
  const found = routes.map(route => ({ route, match: location.hash.match(route.pattern) })).find(({ match }) => match);
  const controller = new AbortController();
  leave = () => controller.abort();
  main.replaceChildren();
  for (const link of document.querySelectorAll('[data-nav]')) {
    if (link.dataset.nav === found?.route.nav) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (caller().role === null || location.hash === signInHash) {
    document.title = 'Sign in · Neural capacitance';
    signInView(main, controller.signal, enter);
    return;
  }
  if (!found) {
    main.append(h('p', { class: 'panel' }, 'There is no such page. ', h('a', { href: '#/' }, 'All jobs')));
    return;
  }
  document.title = `${found.route.title} · Neural capacitance`;
  found.route.view(main, controller.signal, ...found.match.slice(1));
  main.focus({ preventScroll: true });
}

/** Who somebody is, and the links that not everybody may follow. */
function showCaller() {
  const { name, role, isSignedIn, dashboard } = caller();
  document.getElementById('dashboard').hidden = !dashboard;
  document.getElementById('keys').hidden = !may('admin');
  document.getElementById('caller').replaceChildren(...role === null ? [] : [
    h('span', { class: 'dim' }, `${name}, ${role}`),
    // Where everybody is let in, some may do more.
    ...isSignedIn ? [h('button', { type: 'button', onclick: leaveSession }, 'Sign out')] : may('admin') ? [] : [h('a', { class: 'button', href: signInHash }, 'Sign in')]]);
}

/** To where one wanted, once it is known who one is. */
async function enter() {
  if (location.hash === signInHash) history.replaceState(null, '', '#/');
  await start();
}

async function leaveSession() {
  // Whatever the view still asks for would be refused.
  leave();
  try {
    await signOut();
  } finally {
    await start();
  }
}

async function start() {
  await look();
  showCaller();
  show();
}

/** A session may end while the page is open: with its key, or in another tab. */
async function check() {
  const before = caller().role;
  await look();
  if (caller().role === before) return;
  showCaller();
  show();
}

addEventListener('hashchange', show);
addEventListener('nobody', check);
start();
