import { ProblemError } from '../api.js';
import { bytes as sizeOf } from '../format.js';

const tableOfCrc = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** What the format can count in 16 and in 32 bits. */
const mostFiles = 0xffff, mostBytes = 0xffffffff;

const utf8Names = 0x0800, version = 20, headerBytes = 30, entryBytes = 46, endBytes = 22;
// The first day that the format knows: what was packed is the same archive, whenever it was packed.
const day = 0x0021;

/**
 * A zip archive of files, stored as they are: images hardly shrink. The files are read once, for their checksums; the browser reads them again as it sends.
 * `files`: [{ path, file }]. `progress(done)` is told how many were read. More than the format can count is an error.
 */
export async function zipOf(files, { signal, progress = () => {} } = {}) {
  const bytes = files.reduce((sum, { file, path }) => sum + file.size + headerBytes + entryBytes + 2 * encoded(path).length, endBytes);
  if (files.length > mostFiles || bytes > mostBytes) {
    throw new ProblemError({
      title: 'The folder is too large to be sent from the page',
      detail: `It has ${files.length.toLocaleString()} files and ${sizeOf(bytes)}; ${mostFiles.toLocaleString()} files and 4 GiB can be sent. `
        + 'Pack it into a zip file yourself, or use the command line: neural-capacitance datasets upload FOLDER.',
    });
  }

  const parts = [], directory = [];
  let offset = 0;
  for (const [index, { path, file }] of files.entries()) {
    signal?.throwIfAborted();
    const name = encoded(path);
    const entry = { name, crc: await crcOf(file), size: file.size, offset };
    parts.push(localHeader(entry), name, file);
    directory.push(entry);
    offset += headerBytes + name.length + file.size;
    progress(index + 1);
  }

  const central = directory.flatMap(entry => [centralHeader(entry), entry.name]);
  const centralBytes = directory.reduce((sum, { name }) => sum + entryBytes + name.length, 0);
  return new Blob([...parts, ...central, end(directory.length, centralBytes, offset)], { type: 'application/zip' });
}

const encoded = text => new TextEncoder().encode(text);

async function crcOf(file) {
  let crc = ~0;
  for (let at = 0; at < file.size; at += 1 << 22) {
    for (const byte of new Uint8Array(await file.slice(at, at + (1 << 22)).arrayBuffer())) crc = tableOfCrc[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

const localHeader = ({ name, crc, size }) => fields(headerBytes, [
  [4, 0x04034b50], [2, version], [2, utf8Names], [2, 0], [2, 0], [2, day], [4, crc], [4, size], [4, size], [2, name.length], [2, 0]]);

const centralHeader = ({ name, crc, size, offset }) => fields(entryBytes, [
  [4, 0x02014b50], [2, version], [2, version], [2, utf8Names], [2, 0], [2, 0], [2, day], [4, crc], [4, size], [4, size], [2, name.length],
  [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]);

const end = (count, bytes, offset) => fields(endBytes, [[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, bytes], [4, offset], [2, 0]]);

/** Little-endian numbers of two or four bytes, one after the other. */
function fields(length, values) {
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}
