import { announce, h } from '../dom.js';
import { call } from '../api.js';
import { duration } from '../format.js';
import { costTable } from './cost-table.js';
import { candidatesOf } from './chosen.js';

const secondsBetweenNews = 30;

/** What the job would cost, measured on the service's machine before anything is submitted. `fail` shows a refusal. */
export function costPanel(text, forbidden, fail, signal) {
  const button = h('button', { type: 'button', disabled: forbidden !== null, onclick: () => measuring === null ? measure() : measuring.abort() }, 'What would it cost?');
  const clock = h('span', { class: 'dim' });
  const bar = h('progress', { 'aria-label': 'Measuring', hidden: true });
  const stale = h('p', { class: 'note', hidden: true }, 'The spec has changed since: these are the figures of the one before.');
  const result = h('div', {});
  const panel = h('section', { class: 'panel cost-panel', 'aria-labelledby': 'cost-title', hidden: true },
    h('div', { class: 'panel-head' }, h('h2', { id: 'cost-title' }, 'What it would cost'), h('span', { class: 'row' }, bar, clock)), stale, result);
  let measuring = null, measured = null;
  signal.addEventListener('abort', () => measuring?.abort());
  return { button, panel, show };

  function show(spec) {
    const isStale = measured !== null && measured !== meaningOf(spec);
    if (isStale && stale.hidden) announce('The figures are of the spec before the change');
    stale.hidden = !isStale;
    result.classList.toggle('stale', isStale);
  }

  async function measure() {
    const { spec, fault } = text.read();
    measuring = new AbortController();
    // The focus stays on the button, which now does the opposite.
    button.textContent = 'Stop measuring';
    panel.hidden = bar.hidden = false;
    const stopClock = tick(`Measuring ${candidatesOf(spec).length} candidates, some seconds each`, clock);
    try {
      const estimate = await call('jobs?dryRun=true', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text.element.value, signal: measuring.signal });
      measured = fault === null ? meaningOf(spec) : null;
      result.replaceChildren(...costTable(estimate, spec, text.locate));
      show(text.read().spec ?? spec);
      announce(`Measured: ${duration(estimate.seconds)} in all${estimate.obstacles.length > 0 ? `, ${estimate.obstacles.length} obstacles` : ''}`);
      panel.scrollIntoView({ block: 'nearest' });
    } catch (error) {
      panel.hidden = measured === null;
      if (error.name !== 'AbortError') fail(error);
      else if (!signal.aborted) announce('Measuring was stopped');
    } finally {
      stopClock();
      measuring = null;
      button.textContent = 'What would it cost?';
      bar.hidden = true;
    }
  }
}

/** However it is written, the same spec costs the same. */
const meaningOf = spec => spec === null ? null : JSON.stringify(sorted(spec));

const sorted = value => Array.isArray(value) ? value.map(sorted)
  : typeof value === 'object' && value !== null ? Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1).map(([name, held]) => [name, sorted(held)]) : value;

/** Shows how long it takes, and says so now and then. */
function tick(what, clock) {
  const began = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    clock.textContent = `${what}: ${duration(seconds)}`;
    if (seconds % secondsBetweenNews === 0) announce(`Still measuring, ${duration(seconds)}`);
  }, 1000);
  clock.textContent = `${what}…`;
  announce(clock.textContent);
  return () => {
    clearInterval(timer);
    clock.textContent = '';
  };
}
