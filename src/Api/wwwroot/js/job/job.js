import { announce, h } from '../dom.js';
import { address, call } from '../api.js';
import { datasetName, duration, when } from '../format.js';
import { problemPanel } from '../problem.js';
import { badge, hasEnded, progressBar, shareDone } from '../progress.js';
import { may, mayChange } from '../session.js';
import { atMostEvery } from '../throttle.js';
import { answerPanel } from './answer.js';
import { betaAccuracyPanel } from './beta-accuracy.js';
import { shownCandidates } from './candidates.js';
import { curvesPanel } from './curves.js';
import { decisionsPanel } from './decisions.js';
import { finalization as finalizationPanel } from './finalize.js';
import { highlightTogether } from './highlight.js';
import { observedCurves } from './observed.js';
import { raceSummary } from './race.js';
import { rankingPanel } from './ranking-panel.js';
import { trialsPanel } from './trials.js';

const redrawDelay = 400;
const rankingDelay = 2000;
const reconnectDelay = 2000;

/** One job, live: the event stream brings every observation, also those from before the page was opened. */
export async function jobView(main, signal, id) {
  let job, predictors;
  try {
    job = await call(`jobs/${id}`, { signal });
    predictors = (await call('predictors', { signal })).items;
  } catch (error) {
    if (error.name !== 'AbortError') main.append(problemPanel(error), h('p', {}, h('a', { href: '#/' }, 'All jobs')));
    return;
  }

  const trials = new Map();
  let lastId = 0, timer;

  const title = h('h1', {});
  let status = h('span', {});
  // These stay the same elements for as long as the page is open: who has moved the focus to a button keeps it while the job goes on.
  const cancelButton = h('button', { type: 'button', class: 'danger', onclick: cancel });
  const deleteButton = h('button', { type: 'button', class: 'danger', onclick: remove }, 'Delete');
  const facts = h('div', { class: 'facts' });
  const head = h('div', { class: 'job-head' },
    h('div', { class: 'head' },
      h('div', { class: 'head-title' }, title, status),
      h('div', { class: 'row' }, may('submit') ? h('a', { class: 'button', href: `#/new?from=${id}` }, 'Run again with …') : null, cancelButton, deleteButton)),
    facts);
  const errors = h('div', {});
  const race = h('div', { class: 'panel', hidden: true });
  const candidates = shownCandidates(job);
  const observed = observedCurves(candidates.names);
  const betaAccuracy = betaAccuracyPanel(id, candidates, signal);
  const ranking = rankingPanel(job, predictors, candidates, signal, answered);
  // A ranking is work for the service, and a minute has a limit of it.
  const rankSoon = atMostEvery(rankingDelay, showRanking, signal);
  const decisions = decisionsPanel(id, candidates, observed, signal);
  const finalization = finalizationPanel(id, signal);
  const answer = answerPanel(id, finalization.choose);
  const curves = curvesPanel(candidates, observed, signal);
  const trialTable = trialsPanel(job, candidates);
  main.append(
    head, errors, answer.element, race, ranking.element, curves.element, betaAccuracy.element, decisions.element, finalization.element, trialTable.element);
  highlightTogether(main, candidates, signal);
  showJob();
  showCurves();
  showRanking();
  follow();

  function follow() {
    const stream = new EventSource(address(`jobs/${id}/events?after=${lastId}`));
    signal.addEventListener('abort', () => stream.close());
    stream.addEventListener('job', event => { job = JSON.parse(event.data); showJob(); showSoon(); });
    stream.addEventListener('trial', event => learn(JSON.parse(event.data)));
    stream.addEventListener('observation', event => observe(JSON.parse(event.data)));
    stream.addEventListener('end', event => {
      stream.close();
      job = JSON.parse(event.data);
      showJob();
      conclude();
    });
    stream.addEventListener('open', () => errors.replaceChildren());
    stream.addEventListener('error', () => {
      if (signal.aborted) return;
      errors.replaceChildren(h('p', { class: 'note', role: 'status' }, 'The connection to the service broke off. Trying again …'));
      // The browser reconnects by itself after a broken connection, but gives up for good after an answer other than 200.
      if (stream.readyState === EventSource.CLOSED) setTimeout(resume, reconnectDelay);
    });
  }

  /** All that was measured, and the job's own answer; the ranking below it may be one by another predictor. */
  async function conclude() {
    showCurves();
    showTrials();
    await showRanking();
    try {
      job = await call(`jobs/${id}`, { signal });
      showJob();
      answer.tell();
    } catch (error) {
      if (error.name !== 'AbortError') announce(`The job has ${job.state}`);
    }
  }

  function answered(newest, isOwn) {
    betaAccuracy.update(newest);
    if (isOwn) answer.show(newest.answer, job);
  }

  async function resume() {
    if (signal.aborted) return;
    try {
      job = await call(`jobs/${id}`, { signal });
      follow();
    } catch (error) {
      if (error.name === 'AbortError') return;
      errors.replaceChildren(problemPanel(error));
      if (error.problem?.status !== 404) setTimeout(resume, reconnectDelay);
    }
  }

  function observe(observation) {
    observed.add(observation);
    lastId = Math.max(lastId, observation.id);
    const trial = trials.get(observation.trialId);
    if (trial) trial.epochsDone = Math.max(trial.epochsDone, observation.epoch);
    showSoon();
  }

  function learn(trial) {
    trials.set(trial.id, trial);
    observed.follow(trial);
    showSoon();
  }

  /** However many events come, what they change is shown a few times a second. */
  function showSoon() {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (signal.aborted) return;
      showCurves();
      showTrials();
      rankSoon();
    }, redrawDelay);
  }

  function showJob() {
    document.title = `${job.name ?? 'Job'} · Neural capacitance`;
    const isOver = hasEnded(job.state);
    title.textContent = job.name ?? `Job ${job.id.slice(0, 8)}`;
    const now = badge(job.state);
    status.replaceWith(now);
    status = now;
    const isOthers = !mayChange(job.owner);
    cancelButton.hidden = isOver || isOthers;
    cancelButton.disabled = job.state === 'cancelling';
    cancelButton.textContent = job.state === 'cancelling' ? 'Cancelling …' : 'Cancel';
    deleteButton.hidden = !isOver || isOthers;
    facts.replaceChildren(
      h('p', { class: 'dim' }, [
        datasetName(job.spec.dataset), `${job.spec.training.imageSize} px`, job.finalizes ? 'finalization' : `mode ${job.spec.selection.mode}`, `created ${when(job.createdAt)}`,
        job.startedAt && job.finishedAt ? `took ${duration((new Date(job.finishedAt) - new Date(job.startedAt)) / 1000)}` : null,
      ].filter(Boolean).join(' · ')),
      h('p', { class: 'row' },
        isOver ? null : progressBar(shareDone(job)),
        h('span', {}, `${job.progress.epochsDone} of ${job.progress.epochs} epochs, ${job.progress.trialsDone} of ${job.progress.trials} trials`,
          job.progress.trialsFailed ? `, ${job.progress.trialsFailed} failed` : ''),
        isOver ? null : h('span', { class: 'dim' }, job.etaSeconds === null ? job.etaReason : `about ${duration(job.etaSeconds)} left`)));
    race.hidden = !job.race;
    race.replaceChildren(...(job.race ? [raceSummary(job.race)] : []));
    if (job.answer) answer.show(job.answer, job);
    finalization.show(job);
    decisions.show(job.race?.round);
  }

  function showCurves() {
    curves.update([...trials.values()].reduce((most, trial) => Math.max(most, trial.epochsTarget), 0));
    decisions.redraw();
  }

  function showTrials() {
    trialTable.update(trials.values());
  }

  function showRanking() {
    return ranking.refresh();
  }

  async function cancel() {
    try {
      job = await call(`jobs/${id}/cancel`, { method: 'POST' });
      showJob();
    } catch (error) {
      errors.replaceChildren(problemPanel(error));
    }
  }

  async function remove() {
    if (!confirm('Delete this job with its observations and weights?')) return;
    try {
      await call(`jobs/${id}`, { method: 'DELETE' });
      location.hash = '#/';
    } catch (error) {
      errors.replaceChildren(problemPanel(error));
    }
  }
}
