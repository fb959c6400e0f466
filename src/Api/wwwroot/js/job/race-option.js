import { axis } from '../charts/theme.js';
import { percent } from '../format.js';
import { verdictOf, verdicts } from './race.js';

const narrow = 560;

/** `rows`, the first on top: { name, decisions, last, reached }; a bar to the epoch reached, a sign for each decision, and the last one in words beside it. */
export function raceOption(rows, candidates, { colours, width }) {
  const common = axis(colours);
  const isNarrow = width < narrow, names = Math.min(170, 0.28 * width);
  const placed = rows.map((row, y) => ({ ...row, y, opacity: candidates.isDim(row.name) || !candidates.isShown(row.name) ? 0.2 : 1 }));
  const of = action => placed.flatMap(({ name, y, opacity, decisions }) => decisions.filter(decision => decision.action === action).map(({ round }) => ({ name, value: [round, y], itemStyle: { opacity } })));
  const signs = { type: 'scatter', silent: true, z: 3 };
  return {
    grid: { left: names, right: isNarrow ? 76 : 210, top: 8, bottom: 40 },
    xAxis: { ...common, type: 'value', min: 0, max: Math.max(1, ...rows.map(({ reached, last }) => Math.max(reached, last?.round ?? 0))), minInterval: 1, name: 'epoch', nameLocation: 'middle', nameGap: 24 },
    yAxis: {
      ...common, type: 'category', inverse: true, data: rows.map(({ name }) => name), splitLine: { show: false }, axisLine: { show: false },
      axisLabel: { color: colours.text, fontSize: 12, interval: 0, width: names - 12, overflow: 'truncate' },
    },
    series: [
      {
        id: 'reached', type: 'bar', silent: true, barWidth: 10,
        data: placed.map(({ name, reached, opacity }) => ({ name, value: reached, itemStyle: { color: candidates.styleOf(name).colour, opacity: 0.55 * opacity, borderRadius: [0, 3, 3, 0] } })),
      },
      { ...signs, id: 'kept', symbol: 'rect', symbolSize: [2, 16], itemStyle: { color: colours.text }, data: of('kept') },
      { ...signs, id: 'promoted', symbol: 'diamond', symbolSize: 9, itemStyle: { color: colours.panel, borderColor: colours.text, borderWidth: 1.5 }, data: of('promoted') },
      { ...signs, id: 'verdicts', z: 4, data: placed.filter(({ last }) => last).map(row => verdict(row, isNarrow, colours)) },
    ],
  };
}

function verdict({ name, y, last, reached, opacity }, isNarrow, { text }) {
  const { name: words, short, symbol, size, rotate = 0 } = verdicts[verdictOf(last)];
  const sure = last.probabilityBest === null ? '' : `, P(best) ${percent(last.probabilityBest)}`;
  return {
    name, value: [last.action === 'dropped' ? last.round : Math.max(reached, last.round), y], symbol, symbolSize: size, symbolRotate: rotate, itemStyle: { color: text, opacity },
    label: { show: true, position: 'right', distance: 6, color: text, opacity, fontSize: 12, formatter: isNarrow ? short : words + sure },
  };
}
