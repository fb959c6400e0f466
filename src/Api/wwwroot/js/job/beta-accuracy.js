import { h } from '../dom.js';
import { call } from '../api.js';
import { canvasChart } from '../charts/canvas.js';
import { readStops } from '../charts/stops.js';
import { problemPanel } from '../problem.js';
import { number, percent } from '../format.js';
import { betaAccuracyOption, slots } from './beta-accuracy-option.js';
import { range } from './values.js';

/** The paper's own picture, by the predictor and the window of the ranking that is shown. Hidden while there is none. */
export function betaAccuracyPanel(id, candidates, signal) {
  let picture = null, asked = 0, answered = 0;
  const shown = () => picture.candidates.filter(({ candidate }) => candidates.isShown(candidate));
  const chart = canvasChart({
    label: 'Accuracy against β_eff. Left and right arrows go along the points of a candidate, up and down from candidate to candidate.',
    option: paper => betaAccuracyOption(picture, shown(), candidates, paper), drawn: () => show(), signal,
  });
  const show = readStops(chart, candidates, () => picture.candidates.map(({ candidate }) => candidate), stopsOf);
  const note = h('p', { class: 'dim' });
  const fault = h('div', {});
  const element = h('section', { class: 'panel', 'aria-label': 'Accuracy against β_eff', hidden: true },
    h('div', { class: 'panel-head' }, h('h2', {}, 'From β_eff to accuracy'), h('span', { class: 'dim' }, 'Training drives β_eff to 0; there stands the prediction')),
    fault, chart.element, h('p', { class: 'dim signs' }, '■ observed, used · □ observed, not used · ● predicted at β_eff = 0, with its interval · ◆ final accuracy'), note);
  candidates.subscribe(() => picture && chart.redraw());

  return { element, update };

  async function update({ predictor, window }) {
    const parameters = new URLSearchParams({ predictor, observe: window.observe, start: window.start ?? 'auto' });
    const mine = ++asked;
    try {
      const answer = await call(`jobs/${id}/plots/beta-accuracy.json?${parameters}`, { signal });
      if (mine < answered) return; // a later question has been answered
      answered = mine;
      picture = answer;
      element.hidden = picture.candidates.every(({ points }) => points.length === 0);
      fault.replaceChildren();
      note.textContent = picture.reason ?? meaning(picture);
      chart.redraw();
    } catch (error) {
      if (error.name === 'AbortError' || mine < answered) return;
      element.hidden = false;
      fault.replaceChildren(problemPanel(error));
    }
  }

  function stopsOf(name) {
    const own = picture.candidates.find(({ candidate }) => candidate === name);
    const points = own.points.map(({ epoch, betaEff, accuracy, isUsed }) => ({
      x: betaEff, y: accuracy, grid: 1, title: name,
      rows: [{ name: `Epoch ${epoch}, ${isUsed ? 'used' : 'not used'}` }, { name: 'β_eff', text: number(betaEff) }, { name: 'Accuracy', text: percent(accuracy) }],
    })).sort((a, b) => a.x - b.x);
    if (own.predictedAccuracy === null) return points;
    return [{ x: slots(shown()).get(name), y: own.predictedAccuracy, grid: 0, title: name, rows: atZero(own) }, ...points];
  }
}

const atZero = ({ predictedAccuracy, intervalLow, intervalHigh, finalAccuracy, slope }) => [
  { name: 'At β_eff = 0, predicted', text: percent(predictedAccuracy) },
  ...(intervalLow === null ? [] : [{ name: 'Interval', text: range({ low: intervalLow, high: intervalHigh }, percent) }]),
  ...(finalAccuracy === null ? [] : [{ name: 'Final', text: percent(finalAccuracy) }]),
  ...(slope === null ? [] : [{ name: 'Slope', text: number(slope) }])];

function meaning({ predictor, confidence, candidates }) {
  const line = candidates.some(({ slope }) => slope !== null)
    ? `Lines are those that ${predictor} has fitted to what it used.`
    : `${predictor} fits no line of accuracy on β_eff: dotted lines only lead from what was seen to what is predicted.`;
  return `${line} Intervals at ${+(100 * confidence).toFixed(1)} %; means over the repeats, epoch 0 left out.`;
}
