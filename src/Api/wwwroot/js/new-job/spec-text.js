import { h } from '../dom.js';
import { isObject } from './chosen.js';

/** The text of the spec is the truth: pickers are told what it says, and write into it. */
export function specText(told) {
  const element = h('textarea', { id: 'spec', spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': 'spec-help', oninput: tell });
  return { element, read, change, load, locate, tell };

  function read() {
    try {
      return { spec: parse(element.value), fault: null };
    } catch (error) {
      return { spec: null, fault: error.message };
    }
  }

  function tell() {
    const now = read();
    if (now.fault === null) element.removeAttribute('aria-invalid');
    else element.setAttribute('aria-invalid', 'true');
    told(now);
  }

  /** `edit` changes the spec in place. A text that is no JSON stays as it is. */
  function change(edit) {
    const { spec } = read();
    if (spec === null) return;
    edit(spec);
    load(spec);
  }

  function load(spec) {
    const { scrollTop } = element;
    element.value = JSON.stringify(spec, null, 2);
    element.scrollTop = scrollTop;
    tell();
  }

  /** Selects the field that a fault names, as well as a text search can. */
  function locate(path) {
    const key = path.split('.').at(-1).replace(/\[\d+\]$/, '');
    const position = element.value.indexOf(`"${key}"`);
    element.focus();
    if (position >= 0) element.setSelectionRange(position, position + key.length + 2);
  }
}

/** Of a spec that may be half written. */
export const sectionOf = (spec, name) => isObject(spec[name]) ? spec[name] : {};

/** Writes a field, or takes it out where there is no value. */
export function setField(spec, section, field, value) {
  const within = section === null ? spec : spec[section] = sectionOf(spec, section);
  if (value === undefined) delete within[field];
  else within[field] = value;
}

function parse(text) {
  const spec = JSON.parse(text);
  if (!isObject(spec)) throw new SyntaxError('a job spec is an object, { … }');
  return spec;
}
