/** Host mode: one listener for all; `Host: alice.relay.example:7433` says who is meant. */
import type { Server } from "node:http";
import { isNameWeGive } from "../../nara/identity/names.ts";
import { accept, refuse } from "../../nara/outcome.ts";
import type { Cancel, Clock } from "../../nara/ports.ts";
import { resumeMs } from "../../tunnel/handshake.ts";
import { listenOn } from "../listen.ts";
import type { Addresses } from "./addresses.ts";
import type { Addressee } from "./question.ts";

export interface HostAddressesParts {
  /** What follows the name, as `relay.example`. */
  readonly domain: string;
  /** Where to listen. */
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** Whom another relay of the same domain leads to, by name. */
  findElsewhere(name: string): Addressee | undefined;
  /** Not listening yet. */
  createIngress(addresseeOf: (authority: string) => Addressee | undefined): Server;
}

interface Lease {
  readonly addressee: Addressee;
  stopExpiry: Cancel;
}

/** The listener opens with the first tunnel; while it cannot, the next tunnel tries again. */
export function createHostAddresses(parts: HostAddressesParts): Addresses {
  const { domain, port, clock } = parts;
  const leases = new Map<string, Lease>();
  let listening: Promise<Server | string> | undefined;
  let stopped = false;

  /** Undefined: not in our domain. */
  const nameIn = (authority: string): string | undefined => {
    const [, host = "", at] = /^([^:]+)(?::(\d+))?$/.exec(authority) ?? [];
    if (!host.endsWith(`.${domain}`) || (at !== undefined && Number(at) !== port)) return undefined;
    return host.slice(0, -domain.length - 1);
  };
  const find = (authority: string): Addressee | undefined => {
    const name = nameIn(authority);
    return name === undefined
      ? undefined
      : (leases.get(name)?.addressee ?? parts.findElsewhere(name));
  };
  const open = async (): Promise<Server | string> => {
    const server = parts.createIngress(find);
    const opened = await listenOn(server, { host: parts.host, port, remedy: "--mesh-port" });
    if (opened.ok && !stopped) return server;
    server.close();
    listening = undefined;
    return opened.ok ? "the relay is going away" : opened.refusal;
  };
  const withServer = async (use: (server: Server) => void): Promise<void> => {
    const server = await listening;
    if (typeof server === "object") use(server);
  };

  return {
    take: async (addressee) => {
      const { name } = addressee;
      if (!isNameWeGive(name)) {
        const why = `${name} cannot be part of a host: this relay needs a-z, 0-9 and -`;
        return refuse({ why, retry: false });
      }
      leases.get(name)?.stopExpiry();
      listening ??= open();
      const server = await listening;
      if (typeof server === "string") return refuse({ why: server, retry: true });
      leases.set(name, { addressee, stopExpiry: () => {} });
      return accept(`${name}.${domain}:${port}`);
    },
    leave: (name) => {
      const lease = leases.get(name);
      if (lease === undefined || stopped) return;
      lease.stopExpiry();
      lease.stopExpiry = clock.after(resumeMs, () => leases.delete(name));
    },
    find,
    authoritiesOf: (name) => [`${name}.${domain}:${port}`],
    localAddressOf: () => undefined,
    count: () => leases.size,
    stop: async () => {
      stopped = true;
      for (const { stopExpiry } of leases.values()) stopExpiry();
      await withServer((server) => {
        server.close();
        server.closeIdleConnections();
      });
    },
    cutOff: () => {
      leases.clear();
      void withServer((server) => server.closeAllConnections());
    },
  };
}
