/** What a page says is `unknown` until it was read here. */
import * as v from "valibot";
import { maxDumpBytes, maxStringBytes } from "../nara/limits.ts";
import { hands } from "../nara/services/rock-paper-scissors/rules.ts";
import { maxNoteBytes } from "../nara/services/stash/note-size.ts";
import { mannersChoice } from "./manners-choice.ts";
import { memoryChoice } from "./memory-choice.ts";
import type { Command, ToHost } from "./protocol.ts";
import { transportChoice } from "./transport-choice.ts";

export type HeardFromPage =
  | ToHost
  /** A command that is none, but can be answered. */
  | { readonly type: "bad-command"; readonly id: number; readonly why: string };

const text = v.pipe(
  v.string(),
  v.maxLength(maxStringBytes, `a text may have at most ${maxStringBytes} characters`),
);

const noteText = v.pipe(
  v.string(),
  v.maxLength(maxNoteBytes, `a note may have at most ${maxNoteBytes} bytes`),
);

const webOrigin = v.pipe(
  text,
  v.check((origin) => /^https?:\/\//.test(origin) && URL.canParse(origin)),
);

const dump = v.pipe(
  v.blob("a file of memories belongs to it"),
  v.maxSize(maxDumpBytes, `a file of memories may have at most ${maxDumpBytes >> 20} MB`),
);

const query = v.object({
  kinds: v.pipe(v.array(text), v.maxLength(32)),
  name: text,
  cursor: text,
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

const command = v.variant("type", [
  v.object({ type: v.literal("rename"), name: text }),
  v.object({ type: v.literal("export-soul") }),
  v.object({ type: v.literal("inspect-soul"), soul: text, name: text }),
  v.object({ type: v.literal("import-soul"), soul: text, name: text }),
  v.object({ type: v.literal("start-anew") }),
  v.object({ type: v.literal("set-plaza"), url: text }),
  v.object({ type: v.literal("set-memory"), choice: memoryChoice }),
  v.object({ type: v.literal("send-postcard"), message: text }),
  v.object({ type: v.literal("write-note"), text: noteText }),
  v.object({ type: v.literal("read-note") }),
  v.object({ type: v.literal("set-transport"), choice: transportChoice }),
  v.object({ type: v.literal("set-manners"), manners: mannersChoice }),
  v.object({ type: v.literal("set-look-in"), letsLookIn: v.boolean() }),
  v.object({ type: v.literal("tease"), name: text }),
  v.object({ type: v.literal("play"), name: text, hand: v.picklist(hands) }),
  v.object({ type: v.literal("ask-checkpoint") }),
  v.object({ type: v.literal("checkpoints"), name: text }),
  v.object({ type: v.literal("recall"), query }),
  v.object({ type: v.literal("why"), name: text }),
  v.object({ type: v.literal("export-events") }),
  v.object({ type: v.literal("import-events"), dump }),
]) satisfies v.GenericSchema<unknown, Command>;

const hello = v.object({
  type: v.literal("hello"),
  protocol: v.pipe(v.number(), v.safeInteger()),
  lifeLock: text,
  lingers: v.boolean(),
  origin: webOrigin,
});

/** A page of another protocol may say hello differently, but it says its number. */
const foreignHello = v.object({
  type: v.literal("hello"),
  protocol: v.pipe(v.number(), v.safeInteger()),
});

const leaving = v.object({ type: v.literal("leaving") });

const envelope = v.object({
  type: v.literal("command"),
  id: v.pipe(v.number(), v.safeInteger()),
  command: v.unknown(),
});

/**
 * Undefined for what means nothing. A command whose envelope is sound but which is unknown or out
 * of bounds comes back as `bad-command`, so that the page that asked is not left waiting.
 *
 * @param protocol the host's own number; a hello with another one needs no more than its number.
 */
export function parseToHost(message: unknown, protocol: number): HeardFromPage | undefined {
  const asHello = v.safeParse(hello, message);
  if (asHello.success) return asHello.output;
  const asForeign = v.safeParse(foreignHello, message);
  if (asForeign.success) {
    if (asForeign.output.protocol === protocol) return undefined;
    return { ...asForeign.output, lifeLock: "", lingers: false, origin: "" };
  }
  if (v.is(leaving, message)) return { type: "leaving" };
  const asCommand = v.safeParse(envelope, message);
  if (!asCommand.success) return undefined;
  const { id } = asCommand.output;
  const asked = v.safeParse(command, asCommand.output.command);
  if (asked.success) return { type: "command", id, command: asked.output };
  return { type: "bad-command", id, why: `Not a command: ${asked.issues[0].message}.` };
}
