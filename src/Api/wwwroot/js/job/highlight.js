/** What is marked data-candidate highlights that candidate under the pointer or the focus, and shows which one is highlighted: also rows that are drawn anew meanwhile. */
export function highlightTogether(main, candidates, signal) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  signal.addEventListener('abort', () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== sheet); });
  candidates.subscribe(() => sheet.replaceSync(rules(candidates.highlighted())));
  const highlight = ({ target }) => candidates.highlight(target.closest?.('[data-candidate]')?.dataset.candidate ?? null);
  main.addEventListener('pointerover', highlight, { signal });
  main.addEventListener('focusin', highlight, { signal });
  main.addEventListener('pointerleave', () => candidates.highlight(null), { signal });
}

function rules(name) {
  if (name === null) return '';
  const one = `[data-candidate="${CSS.escape(name)}"]`;
  return `${one} { background: var(--raised); } [data-candidate]:not(${one}) { opacity: 0.6; }`;
}
