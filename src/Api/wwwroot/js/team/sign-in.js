import { h } from '../dom.js';
import { problemPanel } from '../problem.js';
import { signIn } from '../session.js';

/** The key goes to the service once, and is kept nowhere; the browser gets a cookie that no script can read. */
export function signInView(main, signal, entered) {
  const errors = h('div', {});
  const key = h('input', { type: 'password', id: 'key', autocomplete: 'current-password', required: true });
  const button = h('button', { class: 'primary', type: 'submit' }, 'Sign in');
  main.append(h('div', { class: 'sign-in' },
    errors,
    h('form', { class: 'panel', noValidate: true, onsubmit: send },
      h('h1', {}, 'Sign in'),
      h('p', { class: 'dim' }, 'The service has to know who you are. Whoever administers it makes keys.'),
      h('div', { class: 'row' }, h('label', { for: 'key' }, 'Key'), key, button))));
  key.focus();

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      await signIn(key.value);
      if (!signal.aborted) await entered();
    } catch (error) {
      errors.replaceChildren(problemPanel(error));
      errors.firstChild.focus();
    } finally {
      button.disabled = false;
    }
  }
}
