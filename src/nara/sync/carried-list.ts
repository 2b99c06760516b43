/**
 * Reads a body that carries a list of events, piece by piece: between two pieces the reader stops,
 * so that a body of many megabytes keeps nobody waiting, and no single value can be longer than a
 * piece. What is read is what Go would read (codec/go-types.ts).
 */
import { foldKey } from "../codec/fold-key.ts";
import { type GoType, readOnto, struct, text } from "../codec/go-types.ts";
import {
  hasElement,
  hasMember,
  type JsonLimits,
  type JsonReader,
  type JsonRefusal,
  jsonReader,
  kindOf,
  peek,
  readKey,
  readNull,
  refuseJson,
  skipValue,
} from "../codec/json-reader.ts";
import { type WireEvent, wireEvent } from "../events/sync-event.ts";
import {
  maxBatchBytes,
  maxBatchEvents,
  maxCountedEvents,
  maxDepth,
  maxFrameBytes,
  maxStringBytes,
} from "../limits.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Clock } from "../ports.ts";

/** A struct that carries events, taken apart. */
export interface Carrier<Head> {
  /** Key of the list. */
  readonly list: string;
  /** All other fields, by key. */
  readonly head: { readonly [Key in keyof Head]: GoType<Head[Key]> };
}

export interface Carried<Head> {
  readonly head: Head;
  /** The first {@link maxBatchEvents}; null where the list is. */
  readonly events: readonly WireEvent[] | null;
  /** Ids of all that were sent. */
  readonly ids: readonly string[];
}

/** Stops between pieces; what it returns at last is the outcome. */
export type InPieces<Value> = Generator<void, Value, void>;

/** UTF-16 units looked at together: the largest value there may be, and a few ms of work. */
const pieceUnits = 2 * maxFrameBytes;

/** Elements read together, in about half a ms. */
const pieceElements = 256;

const limits: JsonLimits = {
  size: maxBatchBytes,
  depth: maxDepth,
  entries: maxCountedEvents,
  stringBytes: maxStringBytes,
};

const idAlone = struct({ id: text });

/** The first value in a body; anything may follow, as for the reference. */
export function* readCarried<Head>(
  source: string,
  carrier: Carrier<Head>,
): InPieces<Outcome<Carried<Head>, JsonRefusal>> {
  if (source.length > limits.size) return refuse("too_large");
  const pieces = createPieces(source);
  const { reader } = pieces;
  const members = new Map<string, readonly [string, GoType<unknown>]>();
  const head: Record<string, unknown> = {};
  for (const [key, type] of Object.entries<GoType<unknown>>(carrier.head)) {
    members.set(foldKey(key), [key, type]);
    head[key] = type.zero();
  }
  let events: WireEvent[] | null = null;
  let ids: string[] = [];

  const isNull = readNull(reader);
  if (!isNull && kindOf(peek(reader)) !== "object") {
    return refuse(kindOf(peek(reader)) === "none" ? "malformed" : "mistyped");
  }
  for (let index = 0; !isNull && hasMember(reader, index); index++) {
    const key = foldKey(readKey(reader));
    const member = members.get(key);
    if (key === foldKey(carrier.list)) {
      const before: readonly WireEvent[] | null = events;
      events = null;
      ids = [];
      if (!readNull(reader)) {
        if (kindOf(peek(reader)) !== "array") refuseJson(reader, "mistyped");
        events = [];
        for (let at = 0; hasElement(reader, at); at++) {
          if (at < maxBatchEvents) {
            const event = readOnto(wireEvent, reader, before?.[at] ?? wireEvent.zero());
            events.push(event);
            ids.push(event.id);
          } else {
            ids.push(readOnto(idAlone, reader, idAlone.zero()).id);
          }
          if (pieces.isDone(at + 1)) {
            yield;
            pieces.next();
          }
        }
      }
    } else if (member === undefined) {
      skipValue(reader);
    } else {
      const [name, type] = member;
      head[name] = readOnto(type, reader, head[name]);
    }
    if (pieces.isDone(0)) {
      yield;
      pieces.next();
    }
  }
  if (reader.refusal === undefined) return accept({ head: head as Head, events, ids });
  // A value that goes on beyond its piece looks cut.
  return refuse(pieces.isLast() ? reader.refusal : "too_large");
}

/** All pieces at once: for texts of our own, and small ones. */
export function atOnce<Value>(pieces: InPieces<Value>): Value {
  for (;;) {
    const step = pieces.next();
    if (step.done === true) return step.value;
  }
}

/** One piece after the other, with whatever else waits in between. */
export async function inTurns<Value>(
  pieces: InPieces<Value>,
  clock: Pick<Clock, "breathe">,
): Promise<Value> {
  for (;;) {
    await clock.breathe();
    const step = pieces.next();
    if (step.done === true) return step.value;
  }
}

interface Pieces {
  /** Stands in the present piece. */
  readonly reader: JsonReader;
  /**
   * Enough of it has been read.
   *
   * @param elements read of the present list.
   */
  isDone(elements: number): boolean;
  isLast(): boolean;
  /** Goes on where the reader stands. */
  next(): void;
}

function createPieces(source: string): Pieces {
  let start = 0;
  const pieceAt = (at: number): string =>
    source.length <= pieceUnits ? source : source.slice(at, at + pieceUnits);
  const reader: { -readonly [Key in keyof JsonReader]: JsonReader[Key] } = jsonReader(
    pieceAt(0),
    limits,
  );
  const isLast = (): boolean => start + reader.text.length >= source.length;
  return {
    reader,
    isDone: (elements) =>
      reader.refusal === undefined &&
      reader.at < reader.text.length &&
      (elements % pieceElements === pieceElements - 1 || (!isLast() && reader.at > pieceUnits / 2)),
    isLast,
    next() {
      if (source.length <= pieceUnits) return;
      start += reader.at;
      reader.text = pieceAt(start);
      reader.at = 0;
    },
  };
}
