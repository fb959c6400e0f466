import { h } from '../dom.js';
import { echarts } from './echarts.js';
import { coloursOf } from './theme.js';

/**
 * A picture that ECharts draws on a canvas. `option({ colours, width })` is what it shows at the moment; `drawn` is called after each drawing.
 * It is drawn as soon as it has a place on the page, and again when its size or the colour scheme changes.
 */
export function canvasChart({ label, option, drawn = () => {}, height, signal }) {
  const canvas = h('div', { class: 'canvas' });
  const nothing = h('p', { class: 'nothing dim', hidden: true });
  const element = h('div', {
    class: 'chart', role: 'application', 'aria-roledescription': 'chart', 'aria-label': label, tabindex: '0',
    style: height ? `height:${height}px` : null,
  }, canvas, nothing);
  let instance, frame;
  echarts().then(start, error => canvas.replaceChildren(h('p', { class: 'note', role: 'alert' }, error.message)));

  return {
    element, draw, pixelOf, valueAt,
    /** At the next frame, once however often it is asked for. */
    redraw() {
      frame ??= requestAnimationFrame(draw);
    },
    /** Why there is nothing to see; null: there is. */
    say(reason) {
      nothing.hidden = reason === null;
      nothing.textContent = reason ?? '';
    },
  };

  function start(library) {
    if (signal.aborted) return;
    const observer = new ResizeObserver(() => {
      if (canvas.clientWidth === 0) return;
      if (instance) instance.resize();
      else instance = library.init(canvas, null, { renderer: 'canvas' });
      draw();
    });
    observer.observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
    signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      instance?.dispose();
      instance = undefined;
    });
  }

  function draw() {
    cancelAnimationFrame(frame);
    frame = undefined;
    if (!instance) return;
    const base = { animation: false, textStyle: { fontFamily: getComputedStyle(element).fontFamily } };
    instance.setOption({ ...base, ...option({ colours: coloursOf(element), width: canvas.clientWidth }) }, { replaceMerge: ['series'] });
    drawn();
  }

  /** Where a value is drawn, in pixels of the element; null: it is not. */
  function pixelOf(x, y, grid = 0) {
    const at = instance?.convertToPixel({ xAxisIndex: grid, yAxisIndex: grid }, [x, y]);
    return at?.every(Number.isFinite) ? { x: at[0], y: at[1] } : null;
  }

  function valueAt(x, y, grid = 0) {
    return instance?.convertFromPixel({ xAxisIndex: grid, yAxisIndex: grid }, [x, y]) ?? null;
  }
}
