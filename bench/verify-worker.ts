/** A SharedWorker that measures verification and tells the page that opened it. */
import { measureVerifyRates } from "./verify-rates.ts";

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  measureVerifyRates().then(
    (rates) => port?.postMessage({ rates }),
    (error: unknown) => port?.postMessage({ error: String(error) }),
  );
});
