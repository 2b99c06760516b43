/** Whose name is whose: a name belongs to the key that proved it first. (docs/tunnel.md §2) */
import { maxNames, nameKeptMs } from "./limits.ts";

export interface Names {
  /** False when the name belongs to another key. */
  claim(name: string, key: string): boolean;
  /** The port that this key had last. */
  lastPort(name: string): number | undefined;
  keepPort(name: string, port: number): void;
  /** Ports that absent naras would like to have again. */
  isWanted(port: number): boolean;
}

interface Pin {
  readonly key: string;
  seenAtMs: number;
  port: number | undefined;
}

/** @param isHere whether the name's tunnel is open: such a name never goes to another. */
export function createNames(nowMs: () => number, isHere: (name: string) => boolean): Names {
  // In order of last sight: the first is the one not seen for longest.
  const pins = new Map<string, Pin>();
  const isKept = (name: string, pin: Pin): boolean =>
    isHere(name) || nowMs() - pin.seenAtMs <= nameKeptMs;
  return {
    claim: (name, key) => {
      const pin = pins.get(name);
      if (pin !== undefined && pin.key !== key && isKept(name, pin)) return false;
      const port = pin?.key === key ? pin.port : undefined;
      pins.delete(name);
      pins.set(name, { key, seenAtMs: nowMs(), port });
      if (pins.size > maxNames) {
        const oldest = [...pins.keys()].find((one) => !isHere(one));
        if (oldest !== undefined) pins.delete(oldest);
      }
      return true;
    },
    lastPort: (name) => pins.get(name)?.port,
    keepPort: (name, port) => {
      const pin = pins.get(name);
      if (pin === undefined) return;
      pin.port = port;
      pin.seenAtMs = nowMs();
    },
    isWanted: (port) => [...pins.values()].some((pin) => pin.port === port),
  };
}
