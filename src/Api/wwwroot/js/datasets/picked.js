/**
 * What somebody chose or dropped, as what is sent: { name, archive } for one zip file, { name, files: [{ path, file }] } for a folder or several,
 * with paths below it. Null: neither. Hidden files are left out.
 */
export async function dropped(transfer) {
  // The list is emptied as soon as the event is over: what is in it is taken before anything is waited for.
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  const single = entries.length === 1 ? entries[0] : null;
  if (single?.isFile) return archiveOf(await fileOf(single));
  if (entries.length === 0 || entries.some(entry => !entry.isDirectory)) return null;
  const files = (await Promise.all(entries.map(entry => filesOf(entry, single ? '' : `${entry.name}/`)))).flat();
  return { name: nameOf(single?.name ?? ''), files };
}

/** From a file field; of a folder all files come, each with its path. */
export function chosen(list) {
  const files = [...list];
  if (files.length === 0) return null;
  if (!files[0].webkitRelativePath) return archiveOf(files[0]);
  const [folder] = files[0].webkitRelativePath.split('/');
  return {
    name: nameOf(folder),
    files: files.map(file => ({ path: file.webkitRelativePath.slice(folder.length + 1), file })).filter(({ path }) => !path.split('/').some(isHidden)),
  };
}

const archiveOf = file => ({ name: nameOf(file.name.replace(/\.zip$/i, '')), archive: file });

const isHidden = name => name.startsWith('.');

/** As the service accepts it: a–z, 0–9, `-`, `_` and `.`, at most 64 characters, the first a letter or digit. */
const nameOf = text => text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9._-]+/g, '-').replace(/^[^a-z0-9]+/, '').slice(0, 64).replace(/-+$/, '');

const fileOf = entry => new Promise((resolve, reject) => entry.file(resolve, reject));

async function filesOf(folder, path) {
  const found = [];
  for (const entry of (await entriesOf(folder)).filter(({ name }) => !isHidden(name))) {
    if (entry.isDirectory) found.push(...await filesOf(entry, `${path}${entry.name}/`));
    else found.push({ path: path + entry.name, file: await fileOf(entry) });
  }
  return found;
}

/** A reader gives some hundred at a time, and none when it is done. */
async function entriesOf(folder) {
  const reader = folder.createReader(), all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
