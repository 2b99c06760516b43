/** A key-value store in memory that can be told to fail. */
import type { KeyValues } from "../soul-store.ts";

export interface MemoryValues extends KeyValues {
  readonly stored: Map<string, unknown>;
  /** Every later access fails with this reason; undefined lets it work again. */
  failWith(reason: string | undefined): void;
}

export function createMemoryValues(entries: Readonly<Record<string, unknown>> = {}): MemoryValues {
  const stored = new Map(Object.entries(entries));
  let failure: string | undefined;
  const reach = async (): Promise<void> => {
    await Promise.resolve();
    if (failure !== undefined) throw new Error(failure);
  };
  return {
    stored,
    failWith: (reason) => {
      failure = reason;
    },
    get: async (key) => {
      await reach();
      return structuredClone(stored.get(key));
    },
    set: async (key, value) => {
      await reach();
      stored.set(key, structuredClone(value));
    },
    setIfNone: async (key, value) => {
      await reach();
      if (stored.get(key) === undefined) stored.set(key, structuredClone(value));
    },
  };
}
