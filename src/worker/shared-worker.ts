/** The nara of all tabs of a browser profile, in a SharedWorker. */
import { createBrowserHost } from "./browser-host.ts";

// Registered before anything can wait: a connect that is missed never comes again.
const scope = self as unknown as SharedWorkerGlobalScope;
const host = createBrowserHost(scope);
scope.onconnect = ({ ports }) => {
  for (const port of ports) {
    host.connect({
      post: (message) => port.postMessage(message),
      onMessage: (listener) => {
        port.onmessage = ({ data }) => listener(data);
      },
    });
  }
};
