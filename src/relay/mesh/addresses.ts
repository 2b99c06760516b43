/** The addresses of naras with a tunnel: one slot each, kept for a while once they are gone. */
import type { Server } from "node:http";
import { isIPv4 } from "node:net";
import { meshPort } from "../../nara/mesh/address.ts";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { Cancel, Clock } from "../../nara/ports.ts";
import { resumeMs } from "../../tunnel/handshake.ts";
import { listenOn } from "../listen.ts";
import { busySlotRestMs } from "./limits.ts";
import type { Names } from "./names.ts";
import type { Addressee } from "./question.ts";
import type { Slots } from "./slots.ts";

/** Why there is no address, for a person. */
export interface NoAddress {
  readonly why: string;
  /** Whether it may be otherwise later. */
  readonly retry: boolean;
}

export interface Addresses {
  /** The address of a nara whose tunnel has opened: the one it had, if it can. */
  take(addressee: Addressee): Promise<Outcome<string, NoAddress>>;
  /** The tunnel is gone; the address stays a while. */
  leave(name: string): void;
  /** Who has an address, by the address as announced, with or without port. */
  find(authority: string): Addressee | undefined;
  /** The authorities, `host:port`, by which other relays' naras ask for it. */
  authoritiesOf(name: string): readonly string[];
  /** The IP address that a nara asks from, where it has one of its own that leads there. */
  localAddressOf(name: string, remote: string): string | undefined;
  count(): number;
  /** No new callers. */
  stop(): Promise<void>;
  /** Whoever still calls is cut off. */
  cutOff(): void;
}

export interface SlotAddressesParts {
  readonly slots: Slots;
  readonly clock: Clock;
  readonly names: Names;
  /** Answers for one nara. Not listening yet. */
  createIngress(addressee: Addressee): Server;
}

interface Lease {
  readonly slot: number;
  readonly address: string;
  readonly keys: readonly string[];
  readonly server: Server;
  readonly addressee: Addressee;
  stopExpiry: Cancel;
}

export function createSlotAddresses(parts: SlotAddressesParts): Addresses {
  const { slots, names, clock } = parts;
  const leases = new Map<string, Lease>();
  const opening = new Map<string, Promise<Outcome<Lease, NoAddress>>>();
  const byAuthority = new Map<string, Lease>();
  /** Taken, or being opened. */
  const taken = new Set<number>();
  /** Others on this machine had them a while ago; when to try again. */
  const busyUntilMs = new Map<number, number>();
  let stopped = false;

  const release = (name: string, lease: Lease): void => {
    lease.stopExpiry();
    leases.delete(name);
    for (const key of lease.keys) byAuthority.delete(key);
    taken.delete(lease.slot);
    lease.server.close();
    lease.server.closeAllConnections();
  };
  const isFree = (slot: number): boolean => {
    if (taken.has(slot)) return false;
    const untilMs = busyUntilMs.get(slot);
    if (untilMs !== undefined && clock.monotonicMs() < untilMs) return false;
    busyUntilMs.delete(slot);
    return true;
  };
  const choose = (name: string): number | undefined => {
    const last = names.lastSlot(name);
    if (last !== undefined && last < slots.count && isFree(last)) return last;
    let wanted: number | undefined;
    for (let slot = 0; slot < slots.count; slot++) {
      if (!isFree(slot)) continue;
      if (!names.isWanted(slot)) return slot;
      wanted ??= slot;
    }
    return wanted;
  };
  const open = async (addressee: Addressee): Promise<Outcome<Lease, NoAddress>> => {
    const { name } = addressee;
    for (let slot = choose(name); slot !== undefined && !stopped; slot = choose(name)) {
      taken.add(slot);
      const { host, port, announced } = slots.at(slot);
      const server = parts.createIngress(addressee);
      const opened = await listenOn(server, { host, port, remedy: slots.remedy });
      if (!opened.ok || stopped) {
        taken.delete(slot);
        busyUntilMs.set(slot, clock.monotonicMs() + busySlotRestMs);
        server.close();
        continue;
      }
      const keys = [...new Set([announced, `${host}:${port}`])];
      const lease = { slot, address: announced, keys, server, addressee, stopExpiry: () => {} };
      leases.set(name, lease);
      for (const key of keys) byAuthority.set(key, lease);
      names.keepSlot(name, slot);
      return accept(lease);
    }
    return refuse({ why: `no address is free: give more ${slots.remedy}`, retry: true });
  };

  return {
    take: async (addressee) => {
      const { name } = addressee;
      const kept = leases.get(name);
      if (kept !== undefined) {
        kept.stopExpiry();
        return accept(kept.address);
      }
      const pending = opening.get(name) ?? open(addressee);
      opening.set(name, pending);
      const opened = await pending;
      opening.delete(name);
      return opened.ok ? accept(opened.value.address) : opened;
    },
    leave: (name) => {
      const lease = leases.get(name);
      if (lease === undefined || stopped) return;
      lease.stopExpiry();
      lease.stopExpiry = clock.after(resumeMs, () => release(name, lease));
    },
    find: (authority) => byAuthority.get(authority)?.addressee,
    authoritiesOf: (name) => {
      const address = leases.get(name)?.address;
      if (address === undefined) return [];
      return [address.includes(":") ? address : `${address}:${meshPort}`];
    },
    localAddressOf: (name, remote) => {
      const lease = leases.get(name);
      if (lease === undefined || !slots.ownHosts) return undefined;
      const { host } = slots.at(lease.slot);
      const isLoop = (address: string): boolean => address.startsWith("127.");
      return isIPv4(remote) && isLoop(host) === isLoop(remote) ? host : undefined;
    },
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
