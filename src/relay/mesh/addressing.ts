/**
 * How naras with a tunnel get addresses that an unmodified caller can use (docs/server.md, The mesh):
 *
 * | mode | address | listening |
 * |---|---|---|
 * | ports | `relay.example:7512` | one port each |
 * | hosts | `alice.relay.example:7433` | one port for all, told apart by `Host` |
 * | prefix | `127.1.0.7` | one IP address each, port 7433 |
 */
import type { Clock } from "../../nara/ports.ts";
import { type Addresses, createSlotAddresses } from "./addresses.ts";
import { createHostAddresses } from "./host-addresses.ts";
import { createIngress } from "./ingress.ts";
import type { MeshLimits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { Names } from "./names.ts";
import type { Addressee } from "./question.ts";
import { type Ipv4Prefix, type PortRange, portSlots, prefixSlots } from "./slots.ts";

export type Addressing =
  | { readonly mode: "ports"; readonly range: PortRange }
  | { readonly mode: "hosts"; readonly domain: string; readonly port: number }
  | { readonly mode: "prefix"; readonly prefix: Ipv4Prefix; readonly port: number };

export interface AddressingParts {
  readonly addressing: Addressing;
  /** Where to listen, but for prefixes. */
  readonly host: string;
  /** How others call this machine; undefined: as it listens. */
  readonly meshHost: string | undefined;
  readonly clock: Clock;
  readonly limits: MeshLimits;
  readonly metrics: Metrics;
  readonly names: Names;
  /** Whom another relay leads to, by name. */
  findElsewhere(name: string): Addressee | undefined;
}

export function createAddresses(parts: AddressingParts): Addresses {
  const { addressing, host, clock, names, limits, metrics } = parts;
  const nowMs = (): number => clock.monotonicMs();
  if (addressing.mode === "hosts") {
    const { domain, port } = addressing;
    return createHostAddresses({
      domain,
      host,
      port,
      clock,
      findElsewhere: parts.findElsewhere,
      createIngress: (addresseeOf) =>
        createIngress({ limits, metrics, nowMs, maxCallers: limits.maxVisitors, addresseeOf }),
    });
  }
  const slots =
    addressing.mode === "ports"
      ? portSlots(addressing.range, host, parts.meshHost ?? hostOfListening(host))
      : prefixSlots(addressing.prefix, addressing.port);
  return createSlotAddresses({
    slots,
    clock,
    names,
    createIngress: (addressee) =>
      createIngress({
        limits,
        metrics,
        nowMs,
        maxCallers: limits.maxCallers,
        addresseeOf: () => addressee,
      }),
  });
}

const hostOfListening = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};
