import { moved, readable, readout } from './readout.js';

const near = 28;

/**
 * Reads a chart of single places: `stopsOf(name)` are those of a candidate in the order of their x, { x, y, grid, title, rows }. Left and right arrows go along them,
 * up and down to the next candidate; the pointer finds the nearest. Returns what is to be called after each drawing.
 */
export function readStops(chart, candidates, namesInOrder, stopsOf) {
  const tip = readout(chart);
  let name = null, index = -1;
  const placed = stop => ({ stop, at: chart.pixelOf(stop.x, stop.y, stop.grid) });

  readable(chart.element, {
    along(step) {
      name ??= candidates.highlighted() ?? names()[0] ?? null;
      if (name !== null) go(name, moved(index, step, stopsOf(name).length));
    },
    across(step) {
      const all = names();
      if (all.length === 0) return;
      const next = all[moved(all.indexOf(name), step, all.length)];
      go(next, closest(next, stopsOf(name ?? next)[Math.max(index, 0)]?.x));
    },
    at(x, y) {
      const found = names().flatMap(own => stopsOf(own).map(placed).map(({ at }, i) => ({ own, i, distance: at === null ? Infinity : Math.hypot(at.x - x, at.y - y) })))
        .sort((a, b) => a.distance - b.distance)[0];
      if (found && found.distance <= near) go(found.own, found.i);
      else leave();
    },
    leave,
    text() {
      const stop = name === null ? null : stopsOf(name)[index];
      return stop ? `${stop.title}. ${stop.rows.map(row => [row.name, row.text].filter(Boolean).join(': ')).join('; ')}.` : '';
    },
  });
  return show;

  function names() {
    return namesInOrder().filter(own => candidates.isShown(own) && stopsOf(own).length > 0);
  }

  function closest(own, x) {
    const distances = stopsOf(own).map(stop => Math.abs(stop.x - x));
    return Math.max(0, distances.indexOf(Math.min(...distances)));
  }

  function go(own, i) {
    [name, index] = [own, i];
    candidates.highlight(own);
    show();
  }

  function leave() {
    if (name !== null) candidates.highlight(null);
    [name, index] = [null, -1];
    show();
  }

  function show() {
    const stop = name === null || !candidates.isShown(name) ? null : stopsOf(name)[index];
    const at = stop ? placed(stop).at : null;
    if (at) tip.show({ ...at, title: stop.title, rows: stop.rows });
    else tip.hide();
  }
}
