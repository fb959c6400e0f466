/** Which jobs are shown, as the address and the API say it. Pure. */

export const states = ['queued', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled'];

/** What stands behind `#/?`. A cursor is a place in the list: the page that begins behind it. */
export function readFilter(query) {
  const given = new URLSearchParams(query ?? '');
  return {
    states: given.getAll('state').flatMap(text => text.split(',')).filter(Boolean),
    name: given.get('name') ?? '',
    dataset: given.get('dataset') ?? '',
    cursor: given.get('cursor') ?? '',
  };
}

export const isNarrow = ({ states, name, dataset }) => states.length > 0 || name !== '' || dataset !== '';

export const hashOf = filter => `#/${questionMark(textOf(filter))}`;

export const pathOf = (filter, limit) => `jobs?${textOf({ ...filter, limit: String(limit) })}`;

/** “label with “night”, state queued or running, data set birds” */
export const inWords = ({ states, name, dataset }) => [
  name && `label with “${name}”`,
  states.length > 0 && `state ${states.join(' or ')}`,
  dataset && `data set ${dataset}`,
].filter(Boolean).join(', ');

const questionMark = text => text && `?${text}`;

const textOf = ({ states, ...texts }) => new URLSearchParams(Object.entries({ state: states.join(','), ...texts }).filter(([, value]) => value)).toString().replaceAll('%2C', ',');
