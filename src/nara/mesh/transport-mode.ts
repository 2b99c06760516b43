/**
 * How a nara talks: what its owner chose, and what comes of it.
 *
 * | mode | plaza | zines of mine | calls (DMs, memories, pings) |
 * |---|---|---|---|
 * | mqtt | yes | none | yes, where there is a mesh |
 * | gossip | never connected, nothing published | yes | yes |
 * | hybrid | yes | yes | yes |
 *
 * Who calls me is answered in every mode, a zine too.
 * (docs/protocol/presence-and-life.md §1 Modes; docs/protocol/events-and-ledger.md §7 Round)
 */
import { createListeners } from "../ledger/listeners.ts";
import type { Cancel } from "../ports.ts";
import type { TransportChoice, TransportMode } from "../view.ts";

export interface Transport {
  chosen(): TransportChoice;
  mode(): TransportMode;
  choose(choice: TransportChoice): void;
  /** Calls `listener` when the mode has changed, by choice or because an address came or went. */
  onChange(listener: () => void): Cancel;
}

export interface TransportParts {
  readonly chosen: TransportChoice;
  /** Where others reach me; "" for nowhere. */
  address(): string;
  onAddressChange(listener: () => void): Cancel;
}

export function createTransport(parts: TransportParts): Transport {
  const changes = createListeners<void>();
  let { chosen } = parts;

  const mode = (): TransportMode => {
    if (chosen !== "auto") return chosen;
    return parts.address() === "" ? "mqtt" : "hybrid";
  };

  let told = mode();
  const tell = (): void => {
    if (mode() === told) return;
    told = mode();
    changes.tell();
  };
  parts.onAddressChange(tell);

  return {
    chosen: () => chosen,
    mode,
    choose(choice) {
      chosen = choice;
      tell();
    },
    onChange: changes.add,
  };
}
