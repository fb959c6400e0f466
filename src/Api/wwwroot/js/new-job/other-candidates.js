import { announce, h } from '../dom.js';
import { backboneOf, candidatesOf } from './chosen.js';

/** Candidates that no catalogue lists, cells of NAS-Bench-201 and networks of one's own: they are written in the spec, and shown and removed here. */
export function otherCandidates(text) {
  const chosen = h('ul', { class: 'backbones' });
  const help = h('div', {});
  const element = h('details', { class: 'others' }, h('summary', {}, 'Others: cells of NAS-Bench-201, a network of your own'), chosen, help);
  let listed = null, written = '';
  return { element, offer, show };

  function offer(patterns, names) {
    listed = new Set(names);
    help.replaceChildren(...patterns.map(pattern => h('p', {}, h('code', {}, pattern.name), ' ', pattern.description, ' ',
      h('button', { type: 'button', class: 'quiet', 'aria-label': `Add an example of ${pattern.name} to the spec`, onclick: () => add(pattern) }, 'add an example'))));
  }

  function add({ name, example }) {
    text.change(spec => { spec.candidates = [...candidatesOf(spec), JSON.parse(example)]; });
    announce(`An example of ${name} is in the spec`);
    text.locate(JSON.parse(example).weights ? 'weights' : 'candidates');
  }

  function show(candidates) {
    const others = listed === null ? [] : candidates.flatMap((candidate, place) => listed.has(String(backboneOf(candidate)).toLowerCase()) ? [] : [{ candidate, place }]);
    const now = JSON.stringify(others);
    if (now === written) return;
    written = now;
    chosen.replaceChildren(...others.map(({ candidate, place }) => h('li', { class: 'backbone' },
      h('code', {}, String(backboneOf(candidate) ?? JSON.stringify(candidate))),
      h('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${backboneOf(candidate) ?? `candidate ${place + 1}`}`, onclick: () => {
        element.firstChild.focus();
        text.change(spec => { spec.candidates = candidatesOf(spec).toSpliced(place, 1); });
      } }, '×'))));
    if (others.length > 0) element.open = true;
  }
}
