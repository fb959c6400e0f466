import { h } from './dom.js';

const ended = ['succeeded', 'failed', 'cancelled'];

/** Of a job in this state nothing is to come. */
export const hasEnded = state => ended.includes(state);

export function badge(state) {
  return h('span', { class: `badge ${state}` }, state);
}

export function progressBar(fraction) {
  const share = Math.round(100 * fraction);
  return h('div', { class: 'bar', role: 'progressbar', 'aria-valuenow': String(share), 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-label': 'Progress' },
    h('i', { style: `width:${share}%` }));
}

/** Of a job that was cancelled nothing is left to do, and yet it was not all done. */
export const shareDone = ({ state, progress }) => state === 'cancelled' || state === 'failed' ? progress.epochsDone / progress.epochs : progress.fraction;
