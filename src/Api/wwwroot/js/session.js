import { call } from './api.js';

const roles = ['read', 'submit', 'operate', 'admin'];
const unknown = { owner: null, name: '', role: 'admin', isSignedIn: false, dashboard: false };

// Until the service has said who it is, it is asked for everything, and says itself what is wrong.
let current = unknown;

export const caller = () => current;

export async function look() {
  try {
    current = await call('session');
  } catch {
    current = unknown;
  }
}

export async function signIn(key) {
  current = await call('session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ key }) });
}

export const signOut = () => call('session', { method: 'DELETE' });

export const may = role => roles.indexOf(current.role) >= roles.indexOf(role);

/** Whether what belongs to the owner may be changed; who that is, an answer need not tell. */
export const mayChange = owner => may('operate') || (may('submit') && (owner === undefined || owner === current.owner));

/** Why a control cannot be used; null: it can. */
export const obstacle = role => may(role) ? null : `This takes the role ${role}; ${current.name} has the role ${current.role}.`;
