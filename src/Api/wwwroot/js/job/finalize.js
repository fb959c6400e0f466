import { announce, h } from '../dom.js';
import { call } from '../api.js';
import { count } from '../format.js';
import { problemPanel } from '../problem.js';
import { badge, hasEnded } from '../progress.js';
import { obstacle } from '../session.js';

const heads = [['linear', 'linear layer'], ['trainable-probe', 'probe that learns'], ['probe', 'frozen probe']];
const pollDelay = 2000;

/** The winner, or another candidate, trained to the end: a form, then how far it is, then the model. Hidden while there is no winner. */
export function finalization(id, signal) {
  const body = h('div', {});
  const fault = h('div', {});
  const element = h('section', { class: 'panel', 'aria-label': 'Finalization', hidden: true },
    h('div', { class: 'panel-head' }, h('h2', {}, 'Finalization')), fault, body);
  let timer, shown, version = 0;

  return { element, show, choose };

  /** Leads to the form, with a candidate chosen. */
  function choose(candidate) {
    const choice = body.querySelector('select');
    if (!choice) return;
    choice.value = candidate;
    element.scrollIntoView({ block: 'center' });
    choice.focus({ preventScroll: true });
  }

  function show(job) {
    // What the event stream brings may be older than what a request has answered meanwhile.
    if (job.version < version) return;
    version = job.version;
    element.hidden = job.state !== 'succeeded' && !job.finalizes;
    const state = job.finalization ? `${job.finalization.id} ${job.finalization.state}` : 'none';
    // What somebody has chosen in the form stays.
    if (state !== shown) body.replaceChildren(...[job.finalizes ? origin(job) : form(job), progress(job.finalization)].flat(Infinity).filter(Boolean));
    shown = state;
    clearTimeout(timer);
    if (job.finalization && !hasEnded(job.finalization.state) && !job.finalizes) timer = setTimeout(poll, pollDelay);
  }

  async function poll() {
    if (signal.aborted) return;
    try {
      const job = await call(`jobs/${id}`, { signal });
      if (hasEnded(job.finalization?.state)) announce(`The finalization has ${job.finalization.state}`);
      show(job);
    } catch (error) {
      if (error.name !== 'AbortError') timer = setTimeout(poll, pollDelay);
    }
  }

  function origin(job) {
    return h('p', {}, `Trains ${job.spec.candidates[0].name} of `, h('a', { href: `#/jobs/${job.finalizes}` }, 'this job'), ' to the end.');
  }

  function form(job) {
    if (job.finalization && !hasEnded(job.finalization.state)) return null;
    const forbidden = obstacle('submit');
    return h('form', { class: 'row', onsubmit: event => { event.preventDefault(); start(new FormData(event.target)); } },
      h('label', { for: 'finalize-candidate' }, 'Train'),
      h('select', { id: 'finalize-candidate', name: 'candidate' },
        h('option', { value: '' }, 'the first of the ranking'), job.spec.candidates.map(({ name }) => h('option', { value: name }, name))),
      h('label', { for: 'finalize-head' }, 'under a'),
      h('select', { id: 'finalize-head', name: 'head' }, heads.map(([value, name]) => h('option', { value }, name))),
      h('button', { type: 'submit', disabled: forbidden !== null }, 'Finalize'),
      forbidden ? h('span', { class: 'dim' }, forbidden) : null,
      job.finalizationReason ? h('span', { class: 'dim' }, `Not finalized by itself: ${job.finalizationReason}.`) : null);
  }

  async function start(fields) {
    const order = Object.fromEntries([...fields].filter(([, value]) => value));
    try {
      await call(`jobs/${id}/finalize`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(order) });
      fault.replaceChildren();
      poll();
    } catch (error) {
      fault.replaceChildren(problemPanel(error));
    }
  }

  function progress(newest) {
    if (!newest) return null;
    return [
      h('p', {}, h('a', { href: `#/jobs/${newest.id}` }, `${newest.candidate}, head ${newest.head}`), ' ', badge(newest.state),
        newest.failure ? h('span', { class: 'dim' }, ` ${newest.failure.message}`) : null),
      newest.model ? model(newest.model) : null];
  }

  function model({ href, fileName, sha256, bytes, snippet, snippetHref }) {
    return [
      h('p', {}, h('a', { class: 'button', href: local(href), download: fileName }, `Download ${fileName}`), ` ${count(bytes)}B `,
        h('span', { class: 'dim wrap' }, 'SHA-256 ', h('code', {}, sha256))),
      h('details', {},
        h('summary', {}, 'Load it with PyTorch'),
        h('p', {}, h('a', { href: local(snippetHref), download: 'load_model.py' }, 'load_model.py'),
          ', and for the service’s own backbones ', h('a', { href: 'api/v1/backbones/pytorch_backbones.py', download: 'pytorch_backbones.py' }, 'pytorch_backbones.py')),
        h('pre', { class: 'scroll' }, h('code', {}, snippet)))];
  }

  /** Links of an answer start at the service's root; the page may lie below a proxy's prefix. */
  function local(href) {
    return href.slice(href.indexOf('/api/v1/') + 1);
  }
}
