/** A fingerprint of all that happened in a simulation: two runs with one seed have the same. */
import { createHash } from "node:crypto";

export interface Trace {
  /** Something happened at `atMs` of virtual time. */
  note(atMs: number, what: string, payload?: Uint8Array): void;
  /** Hex, of all so far. */
  hash(): string;
  readonly length: number;
}

/** Notes that are hashed together. */
const batchLength = 512;

export function createTrace(): Trace {
  const hash = createHash("sha256");
  let waiting = "";
  let length = 0;

  const flush = (): void => {
    hash.update(waiting);
    waiting = "";
  };

  return {
    note(atMs, what, payload) {
      length += 1;
      waiting += `${atMs} ${what}\n`;
      if (payload !== undefined) {
        flush();
        hash.update(payload);
      } else if (length % batchLength === 0) flush();
    },
    hash() {
      flush();
      return hash.copy().digest("hex");
    },
    get length() {
      return length;
    },
  };
}
