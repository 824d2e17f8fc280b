/** A third of what people begin to feel. */
const TASK_MS = 16;

/** To be waited for between small pieces of work: it lets the page go on where they have taken a while together. */
export function taskPauses(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TASK_MS) return;
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    since = performance.now();
  };
}
