/** Whose name is whose: a name belongs to the key that proved it first. (docs/tunnel.md §2) */
import { maxNames, nameKeptMs } from "./limits.ts";

/** `no room`: nothing that is somebody's is given up for a name that nobody knows. */
export type Claim = "granted" | "another's" | "no room";

export interface Names {
  claim(name: string, key: string): Claim;
  /** The key, base64, that a name belongs to. */
  keyOf(name: string): string | undefined;
  /** Whether a claim would bring a name that is not remembered. */
  isNew(name: string): boolean;
  /** Its tunnel has ended: seen now for the last time. */
  leave(name: string): void;
  /** The slot (slots.ts) that this key had last. */
  lastSlot(name: string): number | undefined;
  keepSlot(name: string, slot: number): void;
  /** Whether an absent nara would like to have it again. */
  isWanted(slot: number): boolean;
  /** As if the name had never been claimed. */
  forget(name: string): void;
  count(): number;
}

interface Pin {
  readonly key: string;
  seenAtMs: number;
  slot: number | undefined;
}

/**
 * @param isHere whether the name's tunnel is open: such a name never goes to another.
 * @param onForgotten called with each name that is anybody's again.
 */
export function createNames(
  nowMs: () => number,
  isHere: (name: string) => boolean,
  onForgotten: (name: string) => void = () => {},
): Names {
  // In order of last sight: the first is the one not seen for longest.
  const pins = new Map<string, Pin>();
  const wanting = new Map<number, string>();

  const put = (name: string, pin: Pin): void => {
    pins.delete(name);
    pins.set(name, pin);
  };
  const drop = (name: string, pin: Pin): void => {
    pins.delete(name);
    if (pin.slot !== undefined && wanting.get(pin.slot) === name) wanting.delete(pin.slot);
    onForgotten(name);
  };
  const dropExpired = (): void => {
    for (const [name, pin] of pins) {
      if (nowMs() - pin.seenAtMs <= nameKeptMs) return;
      if (isHere(name)) put(name, { ...pin, seenAtMs: nowMs() });
      else drop(name, pin);
    }
  };

  return {
    claim: (name, key) => {
      dropExpired();
      const pin = pins.get(name);
      if (pin !== undefined && pin.key !== key) return "another's";
      if (pin === undefined && pins.size >= maxNames) return "no room";
      put(name, { key, seenAtMs: nowMs(), slot: pin?.slot });
      return "granted";
    },
    keyOf: (name) => pins.get(name)?.key,
    isNew: (name) => !pins.has(name),
    leave: (name) => {
      const pin = pins.get(name);
      if (pin !== undefined) put(name, { ...pin, seenAtMs: nowMs() });
    },
    lastSlot: (name) => pins.get(name)?.slot,
    keepSlot: (name, slot) => {
      const pin = pins.get(name);
      if (pin === undefined) return;
      if (pin.slot !== undefined && wanting.get(pin.slot) === name) wanting.delete(pin.slot);
      pin.slot = slot;
      wanting.set(slot, name);
    },
    forget: (name) => {
      const pin = pins.get(name);
      if (pin !== undefined) drop(name, pin);
    },
    isWanted: (slot) => wanting.has(slot),
    count: () => pins.size,
  };
}
