/** Who answers for a way to peers: nobody at first, then whoever came last. */
import type { MeshHandler, MeshTransport } from "./http.ts";

export interface Serving {
  readonly serve: MeshTransport["serve"];
  handler(): MeshHandler | undefined;
}

export function createServing(): Serving {
  let handler: MeshHandler | undefined;
  return {
    serve: (next) => {
      handler = next;
      return () => {
        if (handler === next) handler = undefined;
      };
    },
    handler: () => handler,
  };
}
