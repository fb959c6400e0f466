import { announce, h } from '../dom.js';
import { call } from '../api.js';
import { when } from '../format.js';
import { problemPanel } from '../problem.js';

/** Who is let in, for who may decide it. */
export function keysView(main, signal) {
  const errors = h('div', {});
  const shown = h('div', {});
  const list = h('div', { class: 'panel' });
  main.append(
    h('div', { class: 'head' }, h('h1', {}, 'Keys')),
    errors, shown,
    h('form', { class: 'panel', noValidate: true, onsubmit: create },
      h('h2', {}, 'New key'),
      h('div', { class: 'row' },
        h('label', { for: 'key-name' }, 'Name'), h('input', { type: 'text', id: 'key-name', name: 'name', autocomplete: 'off' }),
        h('label', { for: 'key-role' }, 'Role'),
        h('select', { id: 'key-role', name: 'role' }, ['read', 'submit', 'operate', 'admin'].map(role => h('option', { value: role }, role))),
        h('label', { for: 'key-expires' }, 'Good for'), h('input', { type: 'text', id: 'key-expires', name: 'expires', value: '90d', autocomplete: 'off', size: '6' }),
        h('button', { class: 'primary', type: 'submit' }, 'Make'))),
    list);
  refresh();

  async function refresh() {
    try {
      const { items } = await call('keys', { signal });
      list.replaceChildren(items.length === 0 ? h('p', { class: 'dim' }, 'No keys yet. Without one, everybody on this machine may do everything.') : table(items));
    } catch (error) {
      fail(error);
    }
  }

  async function create(event) {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value));
    await change('keys', fields);
  }

  /** What makes a secret shows it, this once. */
  async function change(path, body) {
    errors.replaceChildren();
    shown.replaceChildren();
    try {
      const { key, secret } = await call(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal });
      shown.replaceChildren(h('section', { class: 'panel', 'aria-label': 'New secret' },
        h('h2', {}, `The secret of ${key.name}`), h('code', { class: 'secret' }, secret), h('p', { class: 'note' }, 'Copy it now: it is shown this once, and kept nowhere.')));
      announce(`The secret of ${key.name} is shown`);
      await refresh();
    } catch (error) {
      fail(error);
    }
  }

  async function revoke(name) {
    if (!confirm(`Revoke the key ${name}? Whoever uses it is shut out.`)) return;
    try {
      await call(`keys/${encodeURIComponent(name)}`, { method: 'DELETE', signal });
      announce('Key revoked');
      await refresh();
    } catch (error) {
      fail(error);
    }
  }

  function rotate(name) {
    if (confirm(`Give the key ${name} a new secret? The old one stays good for 24 hours.`)) change(`keys/${encodeURIComponent(name)}/rotate`, { overlap: '24h' });
  }

  function table(items) {
    return h('div', { class: 'scroll' }, h('table', {},
      h('thead', {}, h('tr', {}, ['Name', 'Role', 'State', 'Created', 'Expires', 'Last used', ''].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, items.map(key => h('tr', { class: key.state === 'live' ? '' : 'dimmed' },
        h('td', {}, key.name), h('td', {}, key.role), h('td', {}, key.state), h('td', {}, when(key.createdAt)),
        h('td', {}, key.expiresAt ? when(key.expiresAt) : 'never'), h('td', {}, key.lastUsedAt ? when(key.lastUsedAt) : 'never'),
        h('td', {}, key.state === 'revoked' ? null : h('span', { class: 'row' },
          h('button', { type: 'button', 'aria-label': `Rotate ${key.name}`, onclick: () => rotate(key.name) }, 'Rotate'),
          h('button', { type: 'button', class: 'danger', 'aria-label': `Revoke ${key.name}`, onclick: () => revoke(key.name) }, 'Revoke'))))))));
  }

  function fail(error) {
    if (error.name === 'AbortError') return;
    errors.replaceChildren(problemPanel(error));
    errors.firstChild.focus();
  }
}
