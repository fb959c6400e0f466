import { axis } from '../charts/theme.js';
import { roundBounds } from '../charts/scales.js';
import { number, percent } from '../format.js';

const widestSlot = 34;

/** Candidate → its place beside β_eff = 0, where predictions would lie upon each other: the best next to the lines. */
export const slots = shown => new Map(shown.filter(({ predictedAccuracy }) => predictedAccuracy !== null)
  .sort((a, b) => a.predictedAccuracy - b.predictedAccuracy).map(({ candidate }, index) => [candidate, index]));

/** Two grids of one height: at the right accuracy against β_eff, at the left what is predicted at β_eff = 0, a slot for each candidate. */
export function betaAccuracyOption(picture, shown, candidates, { colours, width }) {
  const places = slots(shown);
  const left = 52, strip = Math.max(24, Math.min(widestSlot * places.size, 0.36 * width));
  const common = axis(colours);
  const bounds = roundBounds(shown.flatMap(valuesOf), 0, 1);
  const frame = { show: true, onZero: false, lineStyle: { color: colours.dim } };
  const x = { ...common, type: 'value', axisLine: frame, nameLocation: 'middle', nameGap: 24, splitLine: { show: false } };
  const y = { ...common, type: 'value', ...bounds, axisLine: frame, axisLabel: { ...common.axisLabel, formatter: value => percent(value, bounds.interval < 0.01 ? 1 : 0) } };
  return {
    grid: [{ left, top: 12, bottom: 40, width: strip }, { left: left + strip, top: 12, bottom: 40, right: 16 }],
    xAxis: [
      { ...x, gridIndex: 0, min: -0.7, max: Math.max(places.size, 1) - 0.3, name: 'at 0', axisLabel: { show: false } },
      { ...x, gridIndex: 1, min: 0, name: 'β_eff', axisLabel: { ...common.axisLabel, formatter: number, showMinLabel: true } }],
    yAxis: [{ ...y, gridIndex: 0 }, { ...y, gridIndex: 1, axisLabel: { show: false } }],
    series: shown.flatMap(candidate => seriesOf(candidate, places.get(candidate.candidate), candidates, colours)),
  };
}

const valuesOf = ({ points, predictedAccuracy, intervalLow, intervalHigh, finalAccuracy }) =>
  [...points.map(({ accuracy }) => accuracy), predictedAccuracy, intervalLow, intervalHigh, finalAccuracy].filter(value => value !== null);

function seriesOf(own, slot, candidates, colours) {
  const { candidate: name, predictedAccuracy: predicted, intervalLow, intervalHigh, finalAccuracy } = own;
  const { colour } = candidates.styleOf(name);
  const isLit = candidates.highlighted() === name;
  const opacity = candidates.isDim(name) ? 0.2 : 1;
  const common = { name, silent: true, z: isLit ? 4 : 3 };
  const inPlot = { ...common, xAxisIndex: 1, yAxisIndex: 1 };
  const [used, unused] = [true, false].map(isUsed => own.points.filter(point => point.isUsed === isUsed).map(({ betaEff, accuracy }) => [betaEff, accuracy]));
  return [
    { ...inPlot, id: `unused/${name}`, type: 'scatter', symbol: 'rect', symbolSize: 4, data: unused, itemStyle: { color: 'transparent', borderColor: colour, borderWidth: 1, opacity: 0.35 * opacity } },
    { ...inPlot, id: `used/${name}`, type: 'scatter', symbol: 'rect', symbolSize: 7, data: used, itemStyle: { color: colour, opacity } },
    ...predicted === null ? [] : [
      { ...inPlot, id: `fit/${name}`, type: 'line', symbol: 'none', data: fit(own, used), lineStyle: { color: colour, width: isLit ? 2.5 : 1.5, type: own.slope === null ? 'dotted' : 'solid', opacity } },
      { ...common, id: `interval/${name}`, type: 'line', symbol: 'none', data: intervalLow === null ? [] : [[slot, intervalLow], [slot, intervalHigh]], lineStyle: { color: colour, width: 6, cap: 'round', opacity: 0.35 * opacity } },
      { ...common, id: `predicted/${name}`, type: 'scatter', symbol: 'circle', symbolSize: 9, data: [[slot, predicted]], itemStyle: { color: colour, opacity } },
      { ...common, id: `final/${name}`, type: 'scatter', symbol: 'diamond', symbolSize: 11, data: finalAccuracy === null ? [] : [[slot, finalAccuracy]], itemStyle: { color: colours.panel, borderColor: colours.text, borderWidth: 1.5, opacity } }]];
}

/** From β_eff = 0 to the farthest point that was used. Where no line was fitted, to the last one. */
function fit({ predictedAccuracy, slope, intercept }, used) {
  if (used.length === 0) return [];
  const far = Math.max(...used.map(([beta]) => beta));
  return slope === null ? [[0, predictedAccuracy], used.at(-1)] : [[0, intercept], [far, intercept + slope * far]];
}
