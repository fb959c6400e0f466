const names = ['text', 'dim', 'line', 'panel', 'accent'];

/** The page's colours as a canvas takes them: light or dark, as they are now. */
export function coloursOf(element) {
  const probe = document.createElement('span');
  element.append(probe);
  const colours = Object.fromEntries(names.map(name => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  }));
  probe.remove();
  return colours;
}

/** What all axes have alike. */
export const axis = ({ dim, line }) => ({
  axisLabel: { color: dim, fontSize: 11, hideOverlap: true }, nameTextStyle: { color: dim, fontSize: 11 }, axisLine: { show: true, lineStyle: { color: dim } },
  axisTick: { show: false }, splitLine: { show: true, lineStyle: { color: line } },
});

export const dashOf = ({ dash }) => dash ? dash.split(' ').map(Number) : 'solid';
