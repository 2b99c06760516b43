/**
 * Events say the same names, keys and words over and over, and each comes out of JSON with texts of
 * its own. Sharing them halves what an event costs in memory.
 */
import type { SyncEvent } from "../events/sync-event.ts";

/** Names, ids, keys and words of a lively plaza, with room to spare; a power of two. */
const places = 16_384;
/** Soul ids and public keys have 44 characters; what is longer is seldom said twice. */
const maxLength = 64;

type Writable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

/**
 * Swaps an event's texts for equal ones that others use too; its id and signature are like no other.
 * Nobody can tell but by the memory; an event that is frozen stays as it is.
 */
export function createTextSharer(): (event: SyncEvent) => void {
  const shared = createTextPool();

  const share = (event: Writable<SyncEvent>): void => {
    event.svc = shared(event.svc) as typeof event.svc;
    event.emitter = shared(event.emitter);
    event.emitterId = shared(event.emitterId);
    const payload: { [field: string]: unknown } = event.payload;
    for (const field in payload) {
      const value = payload[field];
      if (typeof value === "string" && value !== "") payload[field] = shared(value);
    }
  };

  return (event) => {
    try {
      share(event);
    } catch {
      // It is frozen.
    }
  };
}

/**
 * Gives an equal text that was seen earlier, if it still is where that one was put: a text that
 * comes in its place takes it over, so the pool never grows and never has to be cleaned.
 */
function createTextPool(): (text: string) => string {
  const texts = new Array<string>(places).fill("");
  return (text) => {
    const { length } = text;
    if (length === 0 || length > maxLength) return text;
    const place = placeOf(text, length);
    const known = texts[place];
    if (known === text) return known;
    texts[place] = text;
    return text;
  };
}

/** Names differ in their ends, ids and keys everywhere. */
function placeOf(text: string, length: number): number {
  const end = length - 1;
  let hash = length;
  hash = Math.imul(hash ^ text.charCodeAt(length >> 1), 0x9e3779b1);
  hash = Math.imul(hash ^ text.charCodeAt(end), 0x85ebca6b);
  hash = Math.imul(hash ^ text.charCodeAt(Math.max(0, end - 1)), 0xc2b2ae35);
  hash = Math.imul(hash ^ text.charCodeAt(Math.max(0, end - 2)), 0x27d4eb2f);
  return (hash ^ (hash >>> 15)) & (places - 1);
}
