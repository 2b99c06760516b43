/** In the SharedWorker: measures once and tells the page that opened it. */
export function answerFromWorker(measure: () => Promise<unknown>): void {
  addEventListener("connect", (event) => {
    const [port] = (event as MessageEvent).ports;
    measure().then(
      (figures) => port?.postMessage({ figures }),
      (error: unknown) => port?.postMessage({ error: String(error) }),
    );
  });
}
