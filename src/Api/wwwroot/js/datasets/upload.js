import { announce, h } from '../dom.js';
import { ProblemError, upload } from '../api.js';
import { bytes } from '../format.js';
import { obstacle } from '../session.js';
import { chosen, dropped } from './picked.js';
import { zipOf } from './zip.js';

/** Where one's own images are dropped or chosen, named and sent. `uploaded` gets the service's answer, `fail` what went wrong. */
export function uploadPanel({ signal, uploaded, fail }) {
  const forbidden = obstacle('submit');
  const name = h('input', { type: 'text', id: 'dataset-name', autocomplete: 'off' });
  const archive = h('input', { type: 'file', id: 'dataset-file', accept: '.zip,application/zip', class: 'visually-hidden', onchange: choose });
  const folder = h('input', { type: 'file', id: 'dataset-folder', webkitdirectory: true, class: 'visually-hidden', onchange: choose });
  const what = h('p', { class: 'dim', id: 'dataset-picked', role: 'status' }, 'Nothing chosen yet.');
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Upload', hidden: true });
  const button = h('button', { class: 'primary', type: 'submit', disabled: forbidden !== null }, 'Upload');
  const area = h('div', { class: 'drop', ondragover: over, ondragleave: () => area.classList.remove('over'), ondrop: drop },
    h('p', {}, h('strong', {}, 'Drop a folder or a zip file of images here')),
    h('p', { class: 'row' }, 'or', archive, h('label', { class: 'button', for: 'dataset-file' }, 'Choose a zip file'), folder, h('label', { class: 'button', for: 'dataset-folder' }, 'Choose a folder')),
    what);
  let picked = null;

  return h('form', { class: 'panel', noValidate: true, onsubmit: send },
    h('h2', {}, 'Bring your own images'),
    h('p', { class: 'dim' }, 'JPEG, PNG, WebP, GIF, BMP, TIFF or PPM; one folder for each class, at the top or in folders train and test.'),
    area,
    h('div', { class: 'row' }, h('label', { for: 'dataset-name' }, 'Name'), name, button, bar, forbidden ? h('span', { class: 'dim' }, forbidden) : null));

  function over(event) {
    event.preventDefault();
    area.classList.add('over');
  }

  async function drop(event) {
    event.preventDefault();
    area.classList.remove('over');
    try {
      take(await dropped(event.dataTransfer) ?? refused());
    } catch (error) {
      fail(error);
    }
  }

  function choose({ target }) {
    const found = chosen(target.files);
    if (found) take(found);
    // The same file can be chosen again, changed.
    target.value = '';
  }

  function take(found) {
    picked = found;
    name.value ||= found.name;
    what.textContent = found.files
      ? `${found.files.length.toLocaleString()} files, ${bytes(found.files.reduce((sum, { file }) => sum + file.size, 0))}, in ${folders(found.files)}`
      : `${found.archive.name}, ${bytes(found.archive.size)}`;
  }

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    bar.hidden = false;
    bar.value = 0;
    const shown = what.textContent;
    try {
      if (picked === null) throw new ProblemError({ title: 'There is nothing to send', detail: 'Drop a folder or a zip file of images, or choose one.' });
      const body = picked.archive ?? await zipOf(picked.files, { signal, progress: done => tell(`Reading the images: ${done.toLocaleString()} of ${picked.files.length.toLocaleString()}`, done / picked.files.length) });
      const made = await upload(`datasets?name=${encodeURIComponent(name.value)}`, body, 'application/zip', {
        signal, progress: (sent, all) => tell(sent < all ? `Sent ${bytes(sent)} of ${bytes(all)}` : 'Sent. The service unpacks it …', sent / all),
      });
      picked = null;
      name.value = '';
      what.textContent = `${made.name} is here.`;
      announce(`Data set ${made.name} uploaded`);
      await uploaded(made);
    } catch (error) {
      if (error.name === 'AbortError') return;
      what.textContent = shown;
      fail(error);
    } finally {
      button.disabled = forbidden !== null;
      bar.hidden = true;
    }
  }

  function tell(text, share) {
    what.textContent = text;
    bar.value = share;
  }
}

function refused() {
  throw new ProblemError({ title: 'That is neither a folder nor a zip file', detail: 'Drop one zip file, one folder with a folder for each class, or the folders of the classes.' });
}

function folders(files) {
  const count = new Set(files.map(({ path }) => path.split('/').slice(0, -1).join('/'))).size;
  return `${count} folder${count === 1 ? '' : 's'}`;
}
