import { h } from '../dom.js';
import { lineChart } from '../charts/line-chart.js';
import { number, percent } from '../format.js';

/** What was measured, epoch by epoch: a curve for each trial. */
export function curvesPanel(job, candidates) {
  const legend = h('div', { class: 'legend', role: 'group', 'aria-label': 'Curves shown' }, candidates.names.map(name => h('button', {
    type: 'button', 'aria-pressed': 'true',
    onclick: ({ currentTarget }) => {
      candidates.toggle(name);
      currentTarget.setAttribute('aria-pressed', String(candidates.isShown(name)));
    },
  }, h('span', { class: 'swatch', style: `background:${candidates.styleOf(name).colour}` }), name)));
  const accuracy = lineChart({ title: 'Validation accuracy', format: value => percent(value, 0), fromZero: false });
  const beta = lineChart({ title: 'Neural capacitance β_eff', format: number, fromZero: true });
  const element = h('section', { class: 'panel', 'aria-label': 'Curves' },
    h('div', { class: 'panel-head' }, h('h2', {}, 'Learning'), legend), h('div', { class: 'two' }, accuracy.element, beta.element));

  return { element, update };

  /** `points`: the observations of each trial; `epochs`: to where the curves may go. */
  function update(points, epochs) {
    const curves = (field, from) => points
      .filter(trial => candidates.isShown(trial[0].candidate))
      .map(trial => ({
        name: job.spec.training.repeats > 1 ? `${trial[0].candidate} #${trial[0].repeat}` : trial[0].candidate,
        ...candidates.styleOf(trial[0].candidate),
        points: trial.filter(point => point[field] !== null && point.epoch >= from).map(point => ({ x: point.epoch, y: point[field] })).sort((a, b) => a.x - b.x),
      }));
    accuracy.update(curves('validationAccuracy', 0), epochs);
    // β_eff of an untrained network is used by nothing, and often so large that the others would be a flat line beside it.
    beta.update(curves('betaEff', 1), epochs);
  }
}
