/**
 * Where a relay can listen for its naras, one place for each (docs/server.md, The mesh): ports of one
 * address, or addresses with the mesh's port.
 */
import { meshPort } from "../../nara/mesh/address.ts";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** IPv4 addresses that begin alike. */
export interface Ipv4Prefix {
  /** The first of them, as a number. */
  readonly first: number;
  readonly count: number;
}

export interface Slot {
  readonly host: string;
  readonly port: number;
  /** As it stands in a hey_there (`MeshIP`). */
  readonly announced: string;
}

export interface Slots {
  readonly count: number;
  /** @param index from 0. */
  at(index: number): Slot;
  /** Whether each has a host of its own. */
  readonly ownHosts: boolean;
  /** What to change when none is free, as a person writes it. */
  readonly remedy: string;
}

/** More naras than that have no room at one relay anyway. */
const mostSlots = 65_536;

/**
 * @param host where to listen.
 * @param announced how others call this machine.
 */
export function portSlots(range: PortRange, host: string, announced: string): Slots {
  return {
    count: range.last - range.first + 1,
    at: (index) => {
      const port = range.first + index;
      return { host, port, announced: `${announced}:${port}` };
    },
    ownHosts: false,
    remedy: "--mesh-ports",
  };
}

/**
 * One address for each, without the first and the last, which are the network's. The reference asks
 * at port 7433 whatever is announced without a port (docs/protocol/mesh-runtime-checkpoints.md §1).
 */
export function prefixSlots(prefix: Ipv4Prefix, port: number): Slots {
  return {
    count: Math.min(prefix.count - 2, mostSlots),
    at: (index) => {
      const host = ipv4Text(prefix.first + 1 + index);
      return { host, port, announced: port === meshPort ? host : `${host}:${port}` };
    },
    ownHosts: true,
    remedy: "--mesh-cidr",
  };
}

/** `127.1.0.0/16`. Between two and 2²⁴ addresses, and nothing beyond the prefix. */
export function readIpv4Prefix(text: string): Outcome<Ipv4Prefix> {
  const [, address = "", bits] = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(text) ?? [];
  const parts = address.split(".").map(Number);
  const length = Number(bits);
  if (parts.length !== 4 || parts.some((part) => part > 255) || !(length >= 8 && length <= 30)) {
    return refuse("like 127.1.0.0/16, from /8 to /30");
  }
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  const count = 2 ** (32 - length);
  return first % count === 0
    ? accept({ first, count })
    : refuse(`${ipv4Text(first - (first % count))}/${length}: the rest is not of the prefix`);
}

const ipv4Text = (number: number): string =>
  [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
