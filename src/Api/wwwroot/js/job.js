import { announce, h } from './dom.js';
import { address, call } from './api.js';
import { lineChart } from './chart.js';
import { finalization as finalizationPanel } from './finalize.js';
import { datasetName, duration, number, percent, when } from './format.js';
import { badge, progressBar, shareDone } from './jobs.js';
import { styleOf } from './palette.js';
import { problemPanel } from './problem.js';
import { decisionTable, raceSummary } from './race.js';
import { comparison, rankingTable } from './ranking.js';
import { mayChange } from './session.js';

const rankingDelay = 400;
const reconnectDelay = 2000;

/** One job, live: the event stream brings every observation, also those from before the page was opened. */
export async function jobView(main, signal, id) {
  const state = { job: null, trials: new Map(), points: new Map(), hidden: new Set(), query: {}, decisions: [], compared: new Set(['last-seen']), lastId: 0, rankings: 0 };
  const title = h('h1', {});
  let status = h('span', {});
  // These stay the same elements for as long as the page is open: who has moved the focus to a button keeps it while the job goes on.
  const cancelButton = h('button', { type: 'button', class: 'danger', onclick: cancel });
  const deleteButton = h('button', { type: 'button', class: 'danger', onclick: remove }, 'Delete');
  const head = h('div', { class: 'head' },
    h('div', { class: 'head-title' }, title, status),
    h('div', { class: 'row' },
      h('a', { class: 'button', href: address(`jobs/${id}/observations?format=csv`) }, 'CSV'),
      h('a', { class: 'button', href: 'swagger' }, 'API'),
      cancelButton, deleteButton));
  const errors = h('div', {});
  const summary = h('div', { class: 'panel' });
  const legend = h('div', { class: 'legend', role: 'group', 'aria-label': 'Curves shown' });
  const accuracy = lineChart({ title: 'Validation accuracy', format: value => percent(value, 0), fromZero: false });
  const beta = lineChart({ title: 'Neural capacitance β_eff', format: number, fromZero: true });
  const ranking = h('div', {}, h('p', { class: 'dim' }, 'Nothing to rank yet.'));
  const compared = h('div', {});
  const comparing = h('details', { class: 'compare', ontoggle: () => showRanking() }, h('summary', {}, 'Compare predictors'));
  const trials = h('div', { class: 'scroll' });
  const decisions = h('section', { class: 'panel', 'aria-label': 'Decisions', hidden: true });
  const finalization = finalizationPanel(id, signal);
  let predictors = [];

  try {
    state.job = await call(`jobs/${id}`, { signal });
    predictors = (await call('predictors', { signal })).items;
  } catch (error) {
    if (error.name !== 'AbortError') main.append(problemPanel(error), h('p', {}, h('a', { href: '#/' }, 'All jobs')));
    return;
  }

  const candidates = state.job.spec.candidates.map(candidate => candidate.name);
  const styleByName = new Map(candidates.map((name, index) => [name, styleOf(index)]));
  main.append(
    head, errors, summary,
    h('section', { class: 'panel', 'aria-label': 'Ranking' }, h('div', { class: 'panel-head' }, h('h2', {}, 'Ranking'), rankingControls()), ranking, comparing),
    decisions,
    finalization.element,
    h('section', { class: 'panel', 'aria-label': 'Curves' }, h('div', { class: 'panel-head' }, h('h2', {}, 'Learning'), legend), h('div', { class: 'two' }, accuracy.element, beta.element)),
    h('section', { class: 'panel', 'aria-label': 'Trials' }, h('div', { class: 'panel-head' }, h('h2', {}, 'Trials'), downloads()), trials));
  comparing.append(comparisonChoices(), compared);
  showLegend();
  showJob();
  showCurves();
  showRanking();
  follow();

  function follow() {
    const stream = new EventSource(address(`jobs/${id}/events?after=${state.lastId}`));
    signal.addEventListener('abort', () => stream.close());
    stream.addEventListener('job', event => { state.job = JSON.parse(event.data); showJob(); });
    stream.addEventListener('trial', event => { const trial = JSON.parse(event.data); state.trials.set(trial.id, trial); showTrials(); });
    stream.addEventListener('observation', event => observe(JSON.parse(event.data)));
    stream.addEventListener('end', event => {
      stream.close();
      state.job = JSON.parse(event.data);
      showJob();
      showRanking();
      announce(`The job has ${state.job.state}`);
    });
    stream.addEventListener('open', () => errors.replaceChildren());
    stream.addEventListener('error', () => {
      if (signal.aborted) return;
      errors.replaceChildren(h('p', { class: 'note', role: 'status' }, 'The connection to the service broke off. Trying again …'));
      // The browser reconnects by itself after a broken connection, but gives up for good after an answer other than 200.
      if (stream.readyState === EventSource.CLOSED) setTimeout(resume, reconnectDelay);
    });
  }

  async function resume() {
    if (signal.aborted) return;
    try {
      state.job = await call(`jobs/${id}`, { signal });
      follow();
    } catch (error) {
      if (error.name === 'AbortError') return;
      errors.replaceChildren(problemPanel(error));
      if (error.problem?.status !== 404) setTimeout(resume, reconnectDelay);
    }
  }

  function observe(observation) {
    const points = state.points.get(observation.trialId) ?? [];
    points.push(observation);
    state.lastId = Math.max(state.lastId, observation.id);
    state.points.set(observation.trialId, points);
    const trial = state.trials.get(observation.trialId);
    if (trial) trial.epochsDone = Math.max(trial.epochsDone, observation.epoch);
    showSoon();
  }

  function showSoon() {
    state.timer ??= setTimeout(() => {
      state.timer = undefined;
      if (signal.aborted) return;
      showCurves();
      showTrials();
      showRanking();
    }, rankingDelay);
  }

  function showJob() {
    const { job } = state;
    document.title = `${job.name ?? 'Job'} · Neural capacitance`;
    const isOver = ['succeeded', 'failed', 'cancelled'].includes(job.state);
    title.textContent = job.name ?? `Job ${job.id.slice(0, 8)}`;
    const now = badge(job.state);
    status.replaceWith(now);
    status = now;
    const isOthers = !mayChange(job.owner);
    cancelButton.hidden = isOver || isOthers;
    cancelButton.disabled = job.state === 'cancelling';
    cancelButton.textContent = job.state === 'cancelling' ? 'Cancelling …' : 'Cancel';
    deleteButton.hidden = !isOver || isOthers;
    const left = job.etaSeconds === null ? (isOver ? '' : job.etaReason) : `about ${duration(job.etaSeconds)} left`;
    summary.replaceChildren(
      h('div', { class: 'row', style: 'justify-content:space-between;margin-bottom:.5rem' },
        h('span', {}, `${job.progress.epochsDone} of ${job.progress.epochs} epochs, ${job.progress.trialsDone} of ${job.progress.trials} trials`,
          job.progress.trialsFailed ? `, ${job.progress.trialsFailed} failed` : ''),
        h('span', { class: 'dim' }, left)),
      progressBar(shareDone(job)),
      h('p', { class: 'dim' }, [
        datasetName(job.spec.dataset), `${job.spec.training.imageSize} px`, `mode ${job.spec.selection.mode}`, `created ${when(job.createdAt)}`,
        job.startedAt && job.finishedAt ? `took ${duration((new Date(job.finishedAt) - new Date(job.startedAt)) / 1000)}` : null,
      ].filter(Boolean).join(' · ')),
      ...(job.race ? [raceSummary(job.race)] : []),
      ...(job.failure ? [h('p', { class: 'note' }, job.failure.message)] : []));
    finalization.show(job);
    showDecisions();
  }

  async function showDecisions() {
    const round = state.job.race?.round;
    if (round === undefined || round === state.decided || state.isAskingDecisions) return;
    state.isAskingDecisions = true;
    try {
      for (let after = state.decisions.at(-1)?.id ?? 0; after !== null;) {
        const page = await call(`jobs/${id}/decisions?after=${after}`, { signal });
        state.decisions.push(...page.items);
        after = page.nextAfter;
      }
      state.decided = round;
      decisions.hidden = state.decisions.length === 0;
      decisions.replaceChildren(h('div', { class: 'panel-head' }, h('h2', {}, 'Decisions')), decisionTable(state.decisions));
    } catch (error) {
      if (error.name === 'AbortError') return;
      decisions.hidden = false;
      decisions.replaceChildren(problemPanel(error));
      return;
    } finally {
      state.isAskingDecisions = false;
    }
    showDecisions(); // another round may have been decided meanwhile
  }

  function showLegend() {
    legend.replaceChildren(...candidates.map(name => h('button', {
      type: 'button', 'aria-pressed': 'true',
      onclick: event => {
        const shown = !state.hidden.delete(name) && Boolean(state.hidden.add(name)) ? 'false' : 'true';
        event.currentTarget.setAttribute('aria-pressed', shown);
        showCurves();
      },
    }, h('span', { class: 'swatch', style: `background:${styleByName.get(name).colour}` }), name)));
  }

  function showCurves() {
    const curves = (field, from) => [...state.points.values()]
      .filter(points => !state.hidden.has(points[0].candidate))
      .map(points => ({
        name: state.job.spec.training.repeats > 1 ? `${points[0].candidate} #${points[0].repeat}` : points[0].candidate,
        ...styleByName.get(points[0].candidate),
        points: points.filter(point => point[field] !== null && point.epoch >= from).map(point => ({ x: point.epoch, y: point[field] })).sort((a, b) => a.x - b.x),
      }));
    const epochs = Math.max(0, ...[...state.trials.values()].map(trial => trial.epochsTarget));
    accuracy.update(curves('validationAccuracy', 0), epochs);
    // β_eff of an untrained network is used by nothing, and often so large that the others would be a flat line beside it.
    beta.update(curves('betaEff', 1), epochs);
  }

  async function showRanking() {
    if (state.points.size === 0) return;
    const shown = state.query.predictor ?? state.job.spec.selection.predictor;
    const query = new URLSearchParams({ ...state.query, predictor: comparing.open ? [shown, ...state.compared].join(',') : shown });
    if (!state.query.observe) query.delete('observe');
    const asked = ++state.rankings;
    try {
      const answer = await call(`jobs/${id}/ranking?${query}`, { signal });
      if (asked !== state.rankings) return; // a later question has been asked
      ranking.replaceChildren(...rankingTable(answer, name => styleByName.get(name).colour).flat(Infinity).filter(Boolean));
      compared.replaceChildren(comparing.open ? comparison(answer) : '');
    } catch (error) {
      if (error.name !== 'AbortError') ranking.replaceChildren(problemPanel(error));
    }
  }

  function rankingControls() {
    const { selection } = state.job.spec;
    return h('div', { class: 'row' },
      h('label', { for: 'predictor' }, 'Predictor'),
      h('select', { id: 'predictor', onchange: event => { state.query.predictor = event.target.value; showRanking(); } },
        predictors.map(({ name }) => h('option', { value: name, selected: name === selection.predictor }, name))),
      h('label', { for: 'observe' }, 'Observe'),
      h('input', {
        id: 'observe', type: 'number', min: '1', style: 'width:5rem', value: String(selection.observe),
        onchange: event => { state.query.observe = event.target.value; showRanking(); },
      }));
  }

  function comparisonChoices() {
    return h('div', { class: 'choices', role: 'group', 'aria-label': 'Predictors to compare' }, predictors.map(({ name, isQuick }) => h('label', {},
      h('input', {
        type: 'checkbox', value: name, checked: state.compared.has(name),
        onchange: ({ target }) => { state.compared[target.checked ? 'add' : 'delete'](name); showRanking(); },
      }), name, isQuick ? null : h('small', {}, 'slow'))));
  }

  function showTrials() {
    const order = [...state.trials.values()].sort((a, b) => candidates.indexOf(a.candidate) - candidates.indexOf(b.candidate) || a.repeat - b.repeat);
    trials.replaceChildren(h('table', {},
      h('thead', {}, h('tr', {}, ['Candidate', 'Repeat', 'State', 'Epochs', 'Device', 'Remarks'].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, order.map(trial => h('tr', {},
        h('td', {}, trial.candidate), h('td', {}, String(trial.repeat)), h('td', {}, badge(trial.state)),
        h('td', {}, progressBar(trial.epochsTarget ? trial.epochsDone / trial.epochsTarget : 0), h('small', { class: 'dim' }, `${trial.epochsDone} of ${trial.epochsTarget}`)),
        h('td', { class: 'dim' }, trial.device ?? ''),
        h('td', { class: 'wrap' }, trial.failure?.message ?? '', trial.notes.map(note => h('div', { class: 'dim' }, note)),
          trial.attempt > 1 ? h('div', { class: 'dim' }, `attempt ${trial.attempt}`) : null,
          trial.savedWeights ? h('code', {}, trial.savedWeights) : null))))));
  }

  function downloads() {
    return h('span', { class: 'row' },
      h('a', { href: address(`jobs/${id}/observations?format=csv`) }, 'Observations as CSV'),
      h('a', { href: address(`jobs/${id}/observations`) }, 'as JSON'));
  }

  async function cancel() {
    try {
      state.job = await call(`jobs/${id}/cancel`, { method: 'POST' });
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
