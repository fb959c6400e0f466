let loading;

/** Apache ECharts, fetched once, by the first view that draws. */
export const echarts = () => loading ??= new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = 'lib/echarts.js';
  script.addEventListener('load', () => resolve(globalThis.echarts));
  script.addEventListener('error', () => {
    loading = undefined;
    script.remove();
    reject(new Error('The charts’ library could not be fetched. Reload the page to try again.'));
  });
  document.head.append(script);
});
