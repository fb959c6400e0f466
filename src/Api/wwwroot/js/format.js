export const percent = (value, digits = 1) => value === null || value === undefined ? '–' : `${(100 * value).toFixed(digits)} %`;

export const number = value => value === null || value === undefined ? '–'
  : Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(2) : String(+value.toPrecision(4));

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
}

export const count = value => value >= 1e9 ? `${(value / 1e9).toFixed(1)} G` : value >= 1e6 ? `${(value / 1e6).toFixed(1)} M`
  : value >= 1e3 ? `${(value / 1e3).toFixed(0)} k` : String(value);

export const bytes = value => value >= 2 ** 30 ? `${(value / 2 ** 30).toFixed(1)} GiB` : value >= 2 ** 20 ? `${Math.round(value / 2 ** 20)} MiB` : `${Math.ceil(value / 2 ** 10)} KiB`;

export const when = time => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** What a list of jobs is narrowed by. */
export const datasetKey = dataset => dataset.path?.split('/').filter(Boolean).at(-1) ?? dataset.name;

export const datasetName = dataset => dataset.synthetic ? `synthetic, ${dataset.synthetic.classes} classes` : datasetKey(dataset);
