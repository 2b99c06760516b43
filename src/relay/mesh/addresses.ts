/** Port mode: every nara with a tunnel has a listening port of its own, and keeps it for a while. */
import type { Server } from "node:http";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { Cancel, Clock } from "../../nara/ports.ts";
import { resumeMs } from "../../tunnel/handshake.ts";
import { listenOn } from "../listen.ts";
import type { Addressee } from "./ingress.ts";
import type { Names } from "./names.ts";

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface Addresses {
  /** The address of a nara whose tunnel has opened: the one it had, if it can. */
  take(addressee: Addressee): Promise<Outcome<string>>;
  /** The tunnel is gone; the address stays a while. */
  leave(name: string): void;
  /** Who has an address, by the address as announced. */
  find(address: string): Addressee | undefined;
  count(): number;
  /** No new callers. */
  stop(): Promise<void>;
  /** Whoever still calls is cut off. */
  cutOff(): void;
}

export interface AddressesParts {
  readonly range: PortRange;
  /** Where to listen. */
  readonly host: string;
  /** As announced, before the port. */
  readonly announced: string;
  readonly clock: Clock;
  readonly names: Names;
  createIngress(addressee: Addressee): Server;
}

interface Lease {
  readonly port: number;
  readonly server: Server;
  readonly addressee: Addressee;
  stopExpiry: Cancel;
}

export function createAddresses(parts: AddressesParts): Addresses {
  const { range, names } = parts;
  const leases = new Map<string, Lease>();
  const byAddress = new Map<string, Lease>();
  /** Taken, or being opened. */
  const taken = new Set<number>();
  /** Others on this machine have them. */
  const unusable = new Set<number>();
  let stopped = false;

  const release = (name: string, lease: Lease): void => {
    leases.delete(name);
    byAddress.delete(addressOf(lease.port));
    taken.delete(lease.port);
    lease.server.close();
    lease.server.closeAllConnections();
  };
  const addressOf = (port: number): string => `${parts.announced}:${port}`;
  const choose = (name: string): number | undefined => {
    const last = names.lastPort(name);
    const isFree = (port: number): boolean => !taken.has(port) && !unusable.has(port);
    if (last !== undefined && last >= range.first && last <= range.last && isFree(last)) {
      return last;
    }
    let wanted: number | undefined;
    for (let port = range.first; port <= range.last; port++) {
      if (!isFree(port)) continue;
      if (!names.isWanted(port)) return port;
      wanted ??= port;
    }
    return wanted;
  };

  return {
    take: async (addressee) => {
      const { name } = addressee;
      const kept = leases.get(name);
      if (kept !== undefined) {
        kept.stopExpiry();
        return accept(addressOf(kept.port));
      }
      for (let port = choose(name); port !== undefined && !stopped; port = choose(name)) {
        taken.add(port);
        const server = parts.createIngress(addressee);
        const opened = await listenOn(server, { host: parts.host, port, remedy: "--mesh-ports" });
        if (!opened.ok || stopped) {
          taken.delete(port);
          unusable.add(port);
          server.close();
          continue;
        }
        const lease: Lease = { port, server, addressee, stopExpiry: () => {} };
        leases.set(name, lease);
        byAddress.set(addressOf(port), lease);
        names.keepPort(name, port);
        return accept(addressOf(port));
      }
      return refuse("no address is free: give more --mesh-ports");
    },
    leave: (name) => {
      const lease = leases.get(name);
      if (lease === undefined) return;
      lease.stopExpiry();
      names.keepPort(name, lease.port);
      lease.stopExpiry = parts.clock.after(resumeMs, () => release(name, lease));
    },
    find: (address) => byAddress.get(address)?.addressee,
    count: () => leases.size,
    stop: async () => {
      stopped = true;
      for (const lease of leases.values()) {
        lease.stopExpiry();
        lease.server.close();
        lease.server.closeIdleConnections();
      }
    },
    cutOff: () => {
      for (const [name, lease] of [...leases]) release(name, lease);
    },
  };
}
