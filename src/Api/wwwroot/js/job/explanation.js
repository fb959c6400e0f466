import { h } from '../dom.js';

/** What the numbers of a ranking are, for who wants to know: folded until then, and it stays open while the ranking changes. */
export function explanation() {
  const facts = h('dl', {});
  const element = h('details', { class: 'fold' },
    h('summary', {}, 'How is this computed?'), facts,
    h('p', {}, h('a', { href: 'docs/method' }, 'The whole method, with its limits')));
  let shown;

  return { element, update };

  function update(ranking) {
    const terms = termsOf(ranking);
    const content = JSON.stringify(terms);
    if (content !== shown) facts.replaceChildren(...terms.flatMap(([term, meaning]) => [h('dt', {}, term), h('dd', {}, meaning)]));
    shown = content;
  }
}

function termsOf({ predictors: [{ epochs }], predictor, unit, intervalMeaning, finalAccuracyMeaning, agreement }) {
  const isScore = unit === 'score';
  return [
    ['Epochs used', `${sentence(epochs)} What is trained after them, for comparison or by a race, this prediction does not see.`],
    isScore
      ? ['Score', `A number of ${predictor} on its own scale, measured before training. It orders the candidates and says nothing else.`]
      : ['Predicted final', 'The accuracy that a candidate is expected to have at the end of the whole training: not what it has now.'],
    isScore ? null : ['Interval', sentence(intervalMeaning)],
    isScore ? null : ['Seen', 'Validation accuracy at the last epoch that the prediction uses: the number to hold the prediction against. A curve that still rises is expected to end above it.'],
    isScore ? null : ['P(best)', 'How likely the candidate is to end above all others, if the intervals are right.'],
    ['Final', `${sentence(finalAccuracyMeaning)} Test images are not those that validation accuracy is measured on, so the two differ by chance even at the same epoch.`],
    agreement ? ['Spearman’s ρ', 'How well the predicted order agrees with the final one: 1 is the same order, 0 no relation, −1 the reverse. With few candidates it is uncertain, as its interval says.'] : null,
    agreement ? ['Gives away', 'By how much the first of this ranking ended below the best of all.'] : null,
  ].filter(Boolean);
}

const sentence = text => `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
