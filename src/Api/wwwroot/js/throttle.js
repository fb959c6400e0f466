/** `action`, then a pause of so many milliseconds, over and over while it is asked for: the first time at once. What `action` promises is waited for. */
export function atMostEvery(delay, action, signal) {
  let isBusy = false, isAskedFor = false;
  return function ask() {
    isAskedFor = true;
    if (!isBusy) run();
  };

  async function run() {
    isBusy = isAskedFor && !signal.aborted;
    if (!isBusy) return;
    isAskedFor = false;
    await action();
    setTimeout(run, delay);
  }
}
