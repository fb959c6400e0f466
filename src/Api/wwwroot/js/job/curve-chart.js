import { h } from '../dom.js';
import { canvasChart } from '../charts/canvas.js';
import { readout } from '../charts/readout.js';
import { logTicks } from '../charts/scales.js';
import { axis, dashOf } from '../charts/theme.js';

const margin = { left: 56, right: 16, top: 12, bottom: 40 };
const near = 14;

/**
 * A value against epochs: a line for each candidate, the mean over its repeats, and as a band its range.
 * `curves()`: [{ name, style, isDim, isLit, points: [{ epoch, spread }] }], a spread null or { mean, low, high }; `isLog()`: whether the scale is logarithmic, where what is not above 0 has no place.
 */
export function curveChart({ title, hint, format, curves, lastEpoch, isLog = () => false, controls, signal }) {
  let shown = [];
  const chart = canvasChart({ label: `${title} against epoch. ${hint}`, option, drawn: mark, signal });
  const tip = readout(chart);
  let marked = null;

  return {
    element: h('figure', {}, h('figcaption', {}, h('h3', {}, title), controls), chart.element),
    chart,
    /** Shows an epoch with the values of some of the candidates; null: none. */
    mark(place) {
      marked = place;
      mark();
    },
    epochAt: x => {
      const at = chart.valueAt(x, margin.top);
      return at === null ? null : Math.round(at[0]);
    },
    /** The candidate whose mean at the epoch is drawn nearest to a height; null: none is near. */
    nearest(epoch, y) {
      const found = shown.map(({ name, points }) => ({ name, mean: points.find(point => point.epoch === epoch)?.spread?.mean }))
        .filter(({ mean }) => mean !== undefined)
        .map(({ name, mean }) => ({ name, distance: Math.abs((chart.pixelOf(epoch, mean)?.y ?? Infinity) - y) }))
        .sort((a, b) => a.distance - b.distance)[0];
      return found && found.distance <= near ? found.name : null;
    },
  };

  function mark() {
    const at = marked && chart.pixelOf(marked.epoch, 1);
    if (at) tip.show({ x: at.x, title: `Epoch ${marked.epoch}`, rows: marked.rows });
    else tip.hide();
  }

  function option({ colours }) {
    const log = isLog();
    const all = curves();
    shown = all.map(curve => ({ ...curve, points: log ? curve.points.map(above0) : curve.points })).filter(({ points }) => points.some(({ spread }) => spread));
    chart.say(shown.length > 0 ? null : all.some(({ points }) => points.some(({ spread }) => spread)) ? 'Nothing above 0, which a logarithmic scale could show' : 'Nothing observed yet');
    const common = axis(colours);
    return {
      grid: margin,
      xAxis: { ...common, type: 'value', min: 0, max: Math.max(1, lastEpoch()), minInterval: 1, name: 'epoch', nameLocation: 'middle', nameGap: 24, splitLine: { show: false } },
      yAxis: { ...common, ...(log ? logAxis(common, shown, format) : { type: 'value', min: null, max: null, scale: true, axisLabel: { ...common.axisLabel, formatter: format, customValues: null }, axisTick: { show: false, customValues: null } }) },
      series: [bands(shown), ...shown.map(line)],
    };
  }
}

/** A range that reaches 0 has no place on a logarithmic scale. */
const above0 = ({ epoch, spread }) => ({ epoch, spread: spread && spread.low > 0 ? spread : null });

function logAxis({ axisLabel }, shown, format) {
  const spreads = shown.flatMap(({ points }) => points.map(({ spread }) => spread).filter(Boolean));
  const low = Math.min(...spreads.map(spread => spread.low)) / 1.15, high = Math.max(...spreads.map(spread => spread.high)) * 1.15;
  const isAny = spreads.length > 0;
  const customValues = isAny ? logTicks(low, high) : null;
  return { type: 'log', min: isAny ? low : null, max: isAny ? high : null, axisLabel: { ...axisLabel, formatter: format, customValues }, axisTick: { show: false, customValues } };
}

/** The last point is marked, and every point that no line leads to. */
function line({ name, style, isDim, isLit, points }) {
  return {
    id: `mean/${name}`, name, type: 'line', silent: true, z: isLit ? 4 : 3, symbol: 'none',
    data: points.map(({ epoch, spread }, index) => {
      const value = [epoch, spread?.mean ?? null];
      const isAlone = !points[index - 1]?.spread && !points[index + 1]?.spread;
      return spread && (isAlone || index === points.length - 1) ? { value, symbol: 'circle', symbolSize: 6 } : value;
    }),
    lineStyle: { color: style.colour, width: isLit ? 3 : 2, type: dashOf(style), opacity: isDim ? 0.18 : 1 },
    itemStyle: { color: style.colour, opacity: isDim ? 0.18 : 1 },
  };
}

/** All bands are one series of a shape for each candidate; its numbers are those that the axes have to hold. */
function bands(shown) {
  const banded = shown.filter(({ points }) => points.some(({ spread }) => spread && spread.high > spread.low));
  return {
    id: 'ranges', type: 'custom', silent: true, clip: true, z: 2, encode: { x: 0, y: [1, 2] },
    data: banded.map(({ name, points }) => {
      const spreads = points.map(({ spread }) => spread).filter(Boolean);
      return { name, value: [points[0].epoch, Math.min(...spreads.map(({ low }) => low)), Math.max(...spreads.map(({ high }) => high))] };
    }),
    renderItem: ({ dataIndex }, api) => {
      const { style, isDim, isLit, points } = banded[dataIndex];
      const opacity = isDim ? 0.03 : isLit ? 0.3 : shown.length > 8 ? 0.1 : 0.18;
      return { type: 'group', children: stretches(points).map(stretch => band(stretch, api, style.colour, opacity)) };
    },
  };
}

function band(points, api, colour, opacity) {
  const edge = side => points.map(({ epoch, spread }) => api.coord([epoch, spread[side]]));
  const [[x1, y1]] = edge('low'), [[x2, y2]] = edge('high');
  return points.length === 1
    ? { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 6, opacity } }
    : { type: 'polygon', shape: { points: [...edge('high'), ...edge('low').reverse()] }, style: { fill: colour, opacity } };
}

/** Points in a row, without those where there is nothing. */
function stretches(points) {
  return points.reduce((rows, point) => {
    if (!point.spread) return [...rows, []];
    rows.at(-1).push(point);
    return rows;
  }, [[]]).filter(row => row.length > 0);
}
