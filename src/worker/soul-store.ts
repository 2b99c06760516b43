/**
 * What outlives a nara: its soul, its name and the settings. Nothing else is ever written to disk.
 * What is read back is `unknown` until it was checked; nothing is repaired or overwritten here.
 */
import { createStore, get, set, update } from "idb-keyval";
import * as v from "valibot";
import { openManners } from "../nara/manners.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import { mannersChoice } from "./manners-choice.ts";
import { autoMemory, memoryChoice } from "./memory-choice.ts";
import type { Settings } from "./protocol.ts";
import { transportChoice } from "./transport-choice.ts";

/** A soul as it is kept: its text, and the name it goes by. */
export interface KeptSoul {
  readonly soul: string;
  readonly name: string;
}

export type StoredSoul =
  | { readonly is: "none" }
  /** Shaped like a soul; whether it is one, its text must tell. */
  | { readonly is: "kept"; readonly kept: KeptSoul }
  | { readonly is: "unreadable"; readonly stored: string; readonly why: string };

/** Refusals are sentences for a person. Nothing here rejects. */
export interface SoulStore {
  read(): Promise<StoredSoul>;
  write(kept: KeptSoul): Promise<Outcome<undefined>>;
  /** Writes unless something is stored already, in one step that no other tab can divide. */
  writeIfNone(kept: KeptSoul): Promise<Outcome<undefined>>;
  /** What cannot be read counts as never set. */
  readSettings(): Promise<Settings>;
  writeSettings(settings: Settings): Promise<Outcome<undefined>>;
}

/** A place for values under keys, such as one IndexedDB object store. */
export interface KeyValues {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  /** Sets it if the key has no value, atomically. */
  setIfNone(key: string, value: unknown): Promise<void>;
}

const soulKey = "soul";
const settingsKey = "settings";
const noSettings: Settings = {
  plazaUrl: "",
  memory: autoMemory,
  transport: "auto",
  manners: openManners,
  letsLookIn: false,
};
/** Characters of an unreadable value that are shown to the person. */
const maxShown = 4096;

const keptSoul = v.object({ soul: v.string(), name: v.string() });
/** Each part that cannot be read counts as never set. */
const settings = v.object({
  plazaUrl: v.fallback(v.string(), noSettings.plazaUrl),
  memory: v.fallback(memoryChoice, noSettings.memory),
  transport: v.fallback(transportChoice, noSettings.transport),
  manners: v.fallback(mannersChoice, noSettings.manners),
  letsLookIn: v.fallback(v.boolean(), noSettings.letsLookIn),
});

export function createSoulStore(values: KeyValues): SoulStore {
  return {
    read: async () => {
      const stored = await attempt(() => values.get(soulKey));
      if (!stored.ok) {
        const why = `This browser's storage cannot be read: ${stored.refusal}`;
        return { is: "unreadable", stored: "", why };
      }
      return readSoul(stored.value);
    },
    write: (kept) => written(() => values.set(soulKey, { ...kept })),
    writeIfNone: (kept) => written(() => values.setIfNone(soulKey, { ...kept })),
    readSettings: async () => {
      const stored = await attempt(() => values.get(settingsKey));
      if (!stored.ok) return noSettings;
      const read = v.safeParse(settings, stored.value);
      return read.success ? read.output : noSettings;
    },
    writeSettings: (next) => written(() => values.set(settingsKey, { ...next })),
  };
}

/** IndexedDB by idb-keyval, which opens it at the first use. */
export function createIndexedDbValues(): KeyValues {
  const store = createStore("nara", "keep");
  return {
    get: (key) => get<unknown>(key, store),
    set: (key, value) => set(key, value, store),
    setIfNone: (key, value) =>
      update<unknown>(key, (there) => (there === undefined ? value : there), store),
  };
}

function readSoul(stored: unknown): StoredSoul {
  if (stored === undefined) return { is: "none" };
  if (v.is(keptSoul, stored)) return { is: "kept", kept: { soul: stored.soul, name: stored.name } };
  return { is: "unreadable", stored: shown(stored), why: "It is not a soul with a name." };
}

function shown(stored: unknown): string {
  const text = typeof stored === "string" ? stored : (JSON.stringify(stored) ?? String(stored));
  return text.slice(0, maxShown);
}

async function written(work: () => Promise<unknown>): Promise<Outcome<undefined>> {
  const outcome = await attempt(work);
  if (outcome.ok) return accept(undefined);
  return refuse(`This browser's storage could not be written: ${outcome.refusal}`);
}

async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return accept(await work());
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}
