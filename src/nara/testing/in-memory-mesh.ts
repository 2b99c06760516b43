/** A mesh in memory: every nara has an address, requests are function calls, failures come on demand. */
import { createListeners } from "../ledger/listeners.ts";
import { meshUrl } from "../mesh/address.ts";
import type {
  MeshBounds,
  MeshFailure,
  MeshHandler,
  MeshHint,
  MeshRequest,
  MeshResponse,
  MeshTransport,
} from "../mesh/http.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Clock } from "../ports.ts";
import type { Journey } from "./weather.ts";

/** One exchange as it went. */
export interface MeshTraffic {
  /** The address of who asked. */
  readonly from: string;
  readonly baseUrl: string;
  readonly request: MeshRequest;
  readonly response: MeshResponse;
}

export interface InMemoryMesh {
  /** @param meshIp its address, as in hey_there. */
  join(meshIp: string): MeshTransport;
  /** Every exchange that was answered, oldest first. */
  readonly traffic: readonly MeshTraffic[];
  /** Nobody reaches this address until `restore`. */
  cut(meshIp: string): void;
  restore(meshIp: string): void;
  /** Its relay is gone: it has no address and reaches nobody, and knows it, until `plugIn`. */
  unplug(meshIp: string): void;
  plugIn(meshIp: string): void;
  /** From now on whoever carries questions knows this one to be there, as a relay would. */
  list(hint: MeshHint): void;
  /** Changes every answer on its way; undefined changes none. */
  tamper(change: ((response: MeshResponse) => MeshResponse) | undefined): void;
}

export interface InMemoryMeshSettings {
  readonly clock: Pick<Clock, "after">;
  /** Each way. */
  readonly latencyMs?: number;
  /**
   * How requests and answers travel between two addresses (`MeshIP`), in place of `latencyMs`. Of a
   * request that comes twice, the first answer counts.
   */
  readonly journey?: Journey;
  /** Gets all traffic; none is kept then. */
  readonly onTraffic?: (exchange: MeshTraffic) => void;
}

export function createInMemoryMesh(settings: InMemoryMeshSettings): InMemoryMesh {
  const { clock, latencyMs = 0 } = settings;
  const journey = settings.journey ?? (() => [latencyMs]);
  const handlers = new Map<string, MeshHandler>();
  /** Addresses by base URL. */
  const addresses = new Map<string, string>();
  const cut = new Set<string>();
  const unplugged = new Set<string>();
  const listed = new Map<string, MeshHint>();
  const changes = createListeners<void>();
  const traffic: MeshTraffic[] = [];
  let change: (response: MeshResponse) => MeshResponse = (response) => response;

  const isCut = (baseUrl: string): boolean => cut.has(baseUrl) || unplugged.has(baseUrl);

  /** Each copy that arrives; what is lost never does. */
  const travel = (from: string, to: string): Promise<void>[] =>
    journey(from, to).map(
      (ms) =>
        new Promise((resolve) => {
          if (ms === 0) resolve();
          else clock.after(ms, resolve);
        }),
    );

  const exchange = async (
    from: string,
    baseUrl: string,
    request: MeshRequest,
    { maxBodyBytes }: MeshBounds,
  ): Promise<Outcome<MeshResponse, MeshFailure>> => {
    const to = addresses.get(baseUrl) ?? "";
    const ask = async (arrived: Promise<void>): Promise<Outcome<MeshResponse, MeshFailure>> => {
      await arrived;
      const handler = handlers.get(baseUrl);
      if (handler === undefined || isCut(baseUrl)) {
        return refuse({ type: "unreachable", why: `nobody listens at ${baseUrl}` });
      }
      // Nobody may change the bytes of a body, so both ends can have the same.
      const answer = await handler({ ...request, headers: new Map(request.headers) });
      await first(travel(to, from));
      if (isCut(baseUrl)) return refuse({ type: "unreachable", why: "the connection broke" });
      const response = change(answer);
      if (response.body.length > maxBodyBytes) {
        return refuse({ type: "too_large", why: `more than ${maxBodyBytes} bytes` });
      }
      const gone = { from, baseUrl, request, response };
      if (settings.onTraffic === undefined) traffic.push(gone);
      else settings.onTraffic(gone);
      return accept(response);
    };
    return first(travel(from, to).map(ask));
  };

  return {
    traffic,
    cut: (meshIp) => void cut.add(meshUrl(meshIp)),
    restore: (meshIp) => void cut.delete(meshUrl(meshIp)),
    unplug(meshIp) {
      unplugged.add(meshUrl(meshIp));
      changes.tell();
    },
    plugIn(meshIp) {
      unplugged.delete(meshUrl(meshIp));
      changes.tell();
    },
    list: (hint) => void listed.set(hint.name, hint),
    tamper(next) {
      change = next ?? ((response) => response);
    },
    join: (meshIp) => ({
      address: () => (unplugged.has(meshUrl(meshIp)) ? "" : meshIp),
      trouble: () => (unplugged.has(meshUrl(meshIp)) ? "the relay is out of reach" : ""),
      onChange: changes.add,
      hints: async (name) =>
        [...listed.values()].filter(
          (one) => one.meshIp !== meshIp && (name === undefined || one.name === name),
        ),
      serve(handler) {
        addresses.set(meshUrl(meshIp), meshIp);
        handlers.set(meshUrl(meshIp), handler);
        return () => {
          if (handlers.get(meshUrl(meshIp)) === handler) handlers.delete(meshUrl(meshIp));
        };
      },
      send: (baseUrl, request, bounds) =>
        new Promise((resolve) => {
          const cancel = clock.after(bounds.deadlineMs, () =>
            resolve(refuse({ type: "timeout", why: `no answer within ${bounds.deadlineMs} ms` })),
          );
          const isOff = (): boolean => unplugged.has(meshUrl(meshIp));
          const off = () => refuse({ type: "unreachable" as const, why: "the relay is gone" });
          const sent = isOff()
            ? Promise.resolve(off())
            : exchange(meshIp, baseUrl, request, bounds);
          void sent.then((outcome) => {
            cancel();
            resolve(isOff() ? off() : outcome);
          });
        }),
    }),
  };
}

/** Of no promises, one that never comes. */
const first = <Value>(promises: readonly Promise<Value>[]): Promise<Value> =>
  promises.length === 1 && promises[0] !== undefined ? promises[0] : Promise.race(promises);
