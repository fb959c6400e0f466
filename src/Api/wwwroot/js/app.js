import { h } from './dom.js';
import { jobsView } from './jobs.js';
import { newJobView } from './new-job.js';
import { datasetsView } from './datasets.js';
import { workersView } from './workers.js';
import { jobView } from './job.js';

const routes = [
  { pattern: /^#\/jobs\/([0-9a-f-]{36})$/i, nav: 'jobs', title: 'Job', view: jobView },
  { pattern: /^#\/new$/, nav: 'new', title: 'New job', view: newJobView },
  { pattern: /^#\/datasets$/, nav: 'datasets', title: 'Data sets', view: datasetsView },
  { pattern: /^#\/workers$/, nav: 'workers', title: 'Workers', view: workersView },
  { pattern: /^(#\/?)?$/, nav: 'jobs', title: 'Jobs', view: jobsView },
];

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
  if (!found) {
    main.append(h('p', { class: 'panel' }, 'There is no such page. ', h('a', { href: '#/' }, 'All jobs')));
    return;
  }
  document.title = `${found.route.title} · Neural capacitance`;
  found.route.view(main, controller.signal, ...found.match.slice(1));
  main.focus({ preventScroll: true });
}

/** The queue's dashboard is not for everybody. */
async function showDashboardLink() {
  try {
    const answer = await fetch(new URL('access', document.baseURI));
    if (answer.ok && (await answer.json()).dashboard) document.getElementById('dashboard').hidden = false;
  } catch {
    // The link stays hidden; the rest of the page says what is wrong.
  }
}

addEventListener('hashchange', show);
show();
showDashboardLink();
