/** Posts a message to itself over and over while the task works, as a page's port would receive. */
export async function longestPauseMs(task: () => Promise<unknown>): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let longestMs = 0;
  let lastMs = performance.now();
  port1.onmessage = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  await task();
  port1.close();
  return Math.max(longestMs, performance.now() - lastMs);
}
