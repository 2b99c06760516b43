/** The residents' web APIs: resident i answers on PORT + i, once it has joined. (docs/server.md, Web API) */
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { WebApi } from "../nara/web-api/web-api.ts";
import { hostAndPort } from "./listen.ts";
import { openWebApiDoor, type WebApiDoor } from "./web-api-door.ts";

export interface WebApiDoors {
  /** One for each resident, in their order. */
  readonly urls: readonly string[];
  /** From now on this resident answers at its door. */
  admit(name: string, api: WebApi | undefined): void;
  stop(): Promise<void>;
}

export interface WebApiDoorsParts {
  readonly host: string;
  /** Of the first; 0 for free ones. */
  readonly port: number;
  readonly names: readonly string[];
}

const highestPort = 65_535;

/** All or none: refuses with a sentence that says what to do instead. */
export async function openWebApiDoors(parts: WebApiDoorsParts): Promise<Outcome<WebApiDoors>> {
  const { host, port, names } = parts;
  if (port + names.length - 1 > highestPort) {
    return refuse(
      `--api ${port} leaves no ports for ${names.length} residents: choose a lower one`,
    );
  }
  const joined = new Map<string, WebApi>();
  const waiting: { readonly name: string; readonly go: (api: WebApi) => void }[] = [];
  const joining = (name: string): Promise<WebApi> =>
    new Promise((go) => void waiting.push({ name, go }));
  const doors: WebApiDoor[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(doors.map((door) => door.stop()));
  };
  for (const [index, name] of names.entries()) {
    const door = await openWebApiDoor({
      host,
      port: port === 0 ? 0 : port + index,
      api: {
        handle: async (request) => (joined.get(name) ?? (await joining(name))).handle(request),
        subscribe: (listener) => joined.get(name)?.subscribe(listener),
      },
    });
    if (!door.ok) {
      await stop();
      return door;
    }
    doors.push(door.value);
  }
  return accept({
    urls: doors.map((door) => `http://${hostAndPort(host, door.port)}/`),
    admit(name, api) {
      if (api === undefined) return;
      joined.set(name, api);
      for (const one of waiting.splice(0)) {
        if (one.name === name) one.go(api);
        else waiting.push(one);
      }
    },
    stop,
  });
}
