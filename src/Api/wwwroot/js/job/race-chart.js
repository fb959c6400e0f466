import { canvasChart } from '../charts/canvas.js';
import { readStops } from '../charts/stops.js';
import { percent } from '../format.js';
import { lastOf, verdictOf, verdicts } from './race.js';
import { raceOption } from './race-option.js';

const rowHeight = 28, frame = 50;

/** Who was in the race until which epoch, what was decided there, and why: a row for each candidate. */
export function raceChart(candidates, observed, decisions, signal) {
  let rows = [];
  const chart = canvasChart({
    label: 'The race: how long each candidate was in it. Up and down arrows go from candidate to candidate, left and right from decision to decision.',
    option(paper) {
      rows = raceRows(candidates.names, decisions, observed);
      return raceOption(rows, candidates, paper);
    },
    drawn: () => show(), height: frame + rowHeight * candidates.names.length, signal,
  });
  const show = readStops(chart, candidates, () => rows.map(({ name }) => name), stopsOf);
  candidates.subscribe(chart.redraw);
  return chart;

  function stopsOf(name) {
    const y = rows.findIndex(row => row.name === name);
    return rows[y].decisions.map(decision => ({ x: decision.round, y, title: `${name}, epoch ${decision.round}`, rows: linesOf(decision) }));
  }
}

/** The winner first, then those still in it, then who was in it longest. */
function raceRows(names, decisions, observed) {
  return names.map(name => {
    const own = decisions.filter(({ candidate }) => candidate === name);
    const last = lastOf(own);
    return { name, decisions: own, last, reached: observed.curve(name).at(-1)?.epoch ?? 0, place: !last || last.action === 'dropped' ? 2 : last.isLeader ? 0 : 1 };
  }).sort((a, b) => a.place - b.place || b.reached - a.reached);
}

const linesOf = decision => [
  { name: verdicts[verdictOf(decision)].name, text: decision.probabilityBest === null ? '' : `P(best) ${percent(decision.probabilityBest)}` },
  ...(decision.predictedAccuracy === null ? [] : [{ name: 'Predicted', text: percent(decision.predictedAccuracy) }]),
  { name: decision.reason }];
