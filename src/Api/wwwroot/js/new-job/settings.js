import { h } from '../dom.js';
import { settingGroups } from './setting-list.js';
import { sectionOf, setField } from './spec-text.js';

/** Numbers and words of training and selection. */
export function settingsPicker(text) {
  const controls = settingGroups.map(group => ({ group, fields: group.settings.map(setting => control(setting, text)) }));
  return {
    element: h('section', { class: 'panel', 'aria-labelledby': 'settings-title' },
      h('h2', { id: 'settings-title' }, 'Training and selection'),
      controls.map(({ group, fields }) => h(group.isAdvanced ? 'details' : 'fieldset', {},
        h(group.isAdvanced ? 'summary' : 'legend', {}, group.name), h('div', { class: 'settings' }, fields.map(field => field.element))))),
    show(spec) {
      for (const { fields } of controls) for (const field of fields) field.show(spec);
    },
  };
}

function control(setting, text) {
  const id = `setting-${setting.field}`;
  const { element: input, read, write } = (setting.words ? words : setting.isFlag ? flag : setting.isText ? line : number)(setting, id, () => text.change(spec => setField(spec, setting.section, setting.field, read())));
  return {
    element: h('div', { class: 'field' }, h('label', { for: id }, setting.label), input, setting.unit ? h('small', { class: 'dim', id: `${id}-unit` }, setting.unit) : null),
    show(spec) {
      const said = setting.section === null ? spec : sectionOf(spec, setting.section);
      // Half a number is not written over while it is typed.
      write(said[setting.field], spec, document.activeElement === input);
    },
  };
}

const described = (setting, id) => setting.unit ? { 'aria-describedby': `${id}-unit` } : {};

function number(setting, id, changed) {
  const element = h('input', { type: 'number', id, min: String(setting.min ?? 0), step: setting.step ?? '1', ...described(setting, id), oninput: changed });
  return {
    element,
    read: () => element.value === '' ? undefined : Number(element.value),
    write(value, spec, isTyped) {
      element.placeholder = String(setting.standard?.(spec) ?? '');
      if (!isTyped) element.value = value === undefined || value === null ? '' : String(value);
    },
  };
}

function line(setting, id, changed) {
  const element = h('input', { type: 'text', id, autocomplete: 'off', maxLength: 200, ...described(setting, id), oninput: changed });
  return {
    element,
    read: () => element.value === '' ? undefined : element.value,
    write(value, _, isTyped) { if (!isTyped) element.value = typeof value === 'string' ? value : ''; },
  };
}

function words(setting, id, changed) {
  const element = h('select', { id, ...described(setting, id), onchange: changed }, Object.entries(setting.words).map(([word, meaning]) => h('option', { value: word }, meaning)));
  return { element, read: () => element.value, write: (value, spec) => { element.value = String(value ?? setting.standard(spec)).toLowerCase(); } };
}

function flag(setting, id, changed) {
  const element = h('input', { type: 'checkbox', id, ...described(setting, id), onchange: changed });
  return { element, read: () => element.checked, write: value => { element.checked = value === true; } };
}
