// Builds elements; text is always text, so nothing that a client named can become markup.
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') element.style.cssText = value;
    else if (name in element && typeof value !== 'string' && !(element instanceof SVGElement)) element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** What is wider than a narrow screen: it scrolls by itself, by keyboard too. */
export function scrollable(label, ...children) {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: '0' }, children);
}

/** A sentence of the service, in which names stand between backticks: those as elements. */
export const withNames = (text, tag) => text.split('`').map((part, index) => index % 2 ? h(tag, {}, part) : part);

/** Says something to people who use a screen reader. */
export function announce(text) {
  document.getElementById('status').textContent = text;
}
