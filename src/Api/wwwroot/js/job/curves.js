import { h } from '../dom.js';
import { moved, readable } from '../charts/readout.js';
import { number, percent } from '../format.js';
import { curveChart } from './curve-chart.js';
import { range, valueList } from './values.js';

const mostRows = 6;
const hint = 'Left and right arrows go from epoch to epoch, up and down from candidate to candidate.';

// β_eff of an untrained network is used by nothing, and often so large that the others would be a flat line beside it.
const accuracy = { name: 'Validation accuracy', field: 'accuracy', from: 0, format: percent };
const beta = { name: 'β_eff', field: 'beta', from: 1, format: number };

/** What was measured, epoch by epoch. An epoch and a candidate that are looked at in one of the charts are shown in the other too. */
export function curvesPanel(candidates, observed, signal) {
  let isLog = true, epoch = null, target = 1;
  const scale = h('label', { class: 'row' }, h('input', { type: 'checkbox', checked: true, onchange: ({ target: box }) => { isLog = box.checked; redraw(); } }), 'Log scale');
  const charts = [
    curveChart({ title: accuracy.name, hint, format: value => percent(value, 0), curves: () => curves(accuracy), lastEpoch, signal }),
    curveChart({ title: 'Neural capacitance β_eff', hint, format: number, curves: () => curves(beta), lastEpoch, isLog: () => isLog, controls: scale, signal })];
  const values = valueList(candidates, observed, [accuracy, beta]);
  charts.forEach(chart => readable(chart.chart.element, reader(chart)));
  candidates.subscribe(redraw);
  values.show(null);

  return {
    element: h('section', { class: 'panel', 'aria-label': 'Curves' },
      h('div', { class: 'panel-head' }, h('h2', {}, 'Learning')), h('div', { class: 'two' }, charts.map(({ element }) => element)), values.element),
    /** `epochs`: to where the curves may go. */
    update(epochs) {
      target = epochs;
      redraw();
    },
    /** At once. */
    draw() {
      charts.forEach(({ chart }) => chart.draw());
    },
  };

  function lastEpoch() {
    return Math.max(target, observed.lastEpoch());
  }

  function redraw() {
    charts.forEach(({ chart }) => chart.redraw());
    look(epoch);
  }

  function curves({ field, from }) {
    return candidates.shown().map(name => ({
      name, style: candidates.styleOf(name), isDim: candidates.isDim(name), isLit: candidates.highlighted() === name,
      points: observed.curve(name).filter(point => point.epoch >= from).map(point => ({ epoch: point.epoch, spread: point[field] })),
    }));
  }

  function look(at) {
    epoch = at;
    values.show(epoch);
    charts.forEach((chart, i) => chart.mark(epoch === null ? null : { epoch, rows: rowsOf([accuracy, beta][i]) }));
  }

  /** The highlighted candidate, or all where they are few, the greatest first. */
  function rowsOf({ field, from, format }) {
    const lit = candidates.highlighted(), shown = candidates.shown();
    return (shown.includes(lit) ? [lit] : shown.length <= mostRows ? shown : [])
      .map(name => ({ name, spread: epoch >= from ? observed.at(name, epoch)?.[field] : null })).filter(({ spread }) => spread)
      .sort((a, b) => b.spread.mean - a.spread.mean)
      .map(({ name, spread }) => ({ name, colour: candidates.styleOf(name).colour, text: spread.count > 1 ? `${format(spread.mean)} (${range(spread, format)})` : format(spread.mean) }));
  }

  function reader(chart) {
    const quantity = chart === charts[0] ? accuracy : beta;
    return {
      along(step) {
        if (!observed.isEmpty()) look(moved(epoch ?? -1, step, observed.lastEpoch() + 1));
      },
      across(step) {
        if (observed.isEmpty()) return;
        const shown = candidates.shown();
        epoch ??= observed.lastEpoch();
        if (shown.length > 0) candidates.highlight(shown[moved(shown.indexOf(candidates.highlighted()), step, shown.length)]);
        look(epoch);
      },
      at(x, y) {
        const at = chart.epochAt(x);
        if (at === null || observed.isEmpty()) return;
        epoch = Math.min(Math.max(at, 0), observed.lastEpoch());
        candidates.highlight(chart.nearest(epoch, y));
        look(epoch);
      },
      leave() {
        candidates.highlight(null);
        look(null);
      },
      text() {
        if (epoch === null) return 'Nothing observed yet.';
        const rows = rowsOf(quantity);
        return `Epoch ${epoch}. ${rows.map(({ name, text }) => `${name}: ${text}`).join('; ') || 'Up and down arrows choose a candidate'}.`;
      },
    };
  }
}
