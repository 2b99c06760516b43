/**
 * Letting others look in: the web API at a nara's mesh address. Few want it, so it is loaded when it
 * is first wanted (docs/server.md, Web API).
 */
import type { Nara, WebApiMaker } from "../nara/nara.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { Log } from "../nara/ports.ts";

/** @param load the web API's module; another one for tests. */
export function createLookIn(
  nara: Pick<Nara, "setWebApi">,
  log: Log,
  load: () => Promise<{ readonly createWebApi: WebApiMaker }> = () =>
    import("../nara/web-api/web-api.ts"),
): (letsLookIn: boolean) => Promise<Outcome<void>> {
  let isWanted = false;
  return async (letsLookIn) => {
    isWanted = letsLookIn;
    if (!letsLookIn) {
      nara.setWebApi(undefined);
      return accept(undefined);
    }
    try {
      const { createWebApi } = await load();
      if (isWanted) nara.setWebApi(createWebApi);
      return accept(undefined);
    } catch (error) {
      log({ level: "warn", service: "host", text: `the web API was not loaded: ${String(error)}` });
      return refuse(
        "What shows it could not be loaded; it is tried again when the nara wakes anew.",
      );
    }
  };
}
