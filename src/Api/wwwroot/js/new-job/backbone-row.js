import { h } from '../dom.js';
import { count } from '../format.js';
import { candidatesOf, otherWeights, placesOf, withWeights, withoutBackbones } from './chosen.js';
import { costClassOf } from './families.js';
import { weightsChoice } from './weights.js';

/** One backbone: whether it is a candidate, and what it starts from. `edit` gets a function from the list of candidates to the next one. */
export function backboneRow(backbone, classes, files, edit) {
  const box = h('input', {
    type: 'checkbox', id: `backbone-${backbone.name}`,
    onchange: () => edit(candidates => box.checked ? [...candidates, backbone.name] : withoutBackbones(candidates, [backbone.name])),
  });
  const cost = h('span', {});
  const choices = h('span', { class: 'choices-of-weights' });
  const more = h('button', {
    type: 'button', class: 'quiet', hidden: true, 'aria-label': `${backbone.name} once more, with other weights`, title: 'Once more, with other weights',
    onclick: () => edit(candidates => [...candidates, { backbone: backbone.name, weights: otherWeights(candidates, backbone) }]),
  }, '+');
  let shown = [];
  return {
    backbone,
    element: h('li', { class: 'backbone' }, h('label', {}, box, h('span', { class: 'name' }, backbone.name), ' ', h('small', {}, `${count(backbone.parameters)} param.`), ' ', cost), choices, more),
    focus: () => box.focus(),
    show(spec, imageSize) {
      const candidates = candidatesOf(spec);
      const places = placesOf(candidates, backbone.name);
      box.checked = places.length > 0;
      more.hidden = places.length === 0;
      const costClass = costClassOf(backbone, imageSize, classes);
      cost.className = `cost ${costClass}`;
      cost.textContent = costClass;
      // Controls that are there stay: one of them may have the focus.
      if (shown.length !== places.length) {
        shown = places.map((_, nth) => choiceOf(nth, places.length > 1));
        choices.replaceChildren(...shown.map(({ whole }) => whole));
      }
      places.forEach((place, nth) => shown[nth].choice.show(candidates[place]));
      return places.length > 0;
    },
  };

  function choiceOf(nth, canGo) {
    const choice = weightsChoice(backbone, files, weights => edit(candidates => withWeights(candidates, placesOf(candidates, backbone.name)[nth], weights, backbone)));
    const remove = canGo ? h('button', { type: 'button', class: 'quiet', 'aria-label': `Remove candidate ${nth + 1} of ${backbone.name}`, onclick: () => {
      box.focus();
      edit(candidates => candidates.toSpliced(placesOf(candidates, backbone.name)[nth], 1));
    } }, '×') : null;
    return { choice, whole: h('span', { class: 'row' }, choice.element, remove) };
  }
}
