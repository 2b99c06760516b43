/** The nara of one tab, where there is no SharedWorker. */
import { createBrowserHost } from "./browser-host.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
createBrowserHost(scope).connect({
  post: (message) => scope.postMessage(message),
  onMessage: (listener) => {
    scope.onmessage = ({ data }) => listener(data);
  },
});
