/** Answers as Go's HTTP library writes them. (docs/protocol/mesh-runtime-checkpoints.md §1) */
import { goString } from "../codec/go-json.ts";
import { encodeGo, type GoType } from "../codec/go-types.ts";
import { utf8 } from "../codec/utf8.ts";
import type { MeshResponse } from "./http.ts";

/** What most JSON answers say they are. */
export const jsonUtf8 = "application/json; charset=utf-8";

/** A text error ends in a newline. */
export const textAnswer = (status: number, text: string): MeshResponse => ({
  status,
  headers: new Map([
    ["content-type", "text/plain; charset=utf-8"],
    ["x-content-type-options", "nosniff"],
  ]),
  body: utf8(`${text}\n`),
});

/** So does JSON. */
export const jsonAnswer = <Value>(
  type: GoType<Value>,
  value: Value,
  { status = 200, contentType = jsonUtf8 } = {},
): MeshResponse => jsonText(encodeGo(type, value), { status, contentType });

export const jsonText = (
  json: string,
  { status = 200, contentType = jsonUtf8 } = {},
): MeshResponse => ({
  status,
  headers: new Map([["content-type", contentType]]),
  body: utf8(`${json}\n`),
});

export const emptyAnswer = (status: number, headers: readonly [string, string][] = []) => ({
  status,
  headers: new Map(headers),
  body: new Uint8Array(),
});

/** What `/dm` and `/world/relay` say, keys in order. */
export const successAnswer = (from: string, success: boolean): MeshResponse =>
  jsonText(`{"from":${goString(from)},"success":${success}}`);

export const methodNotAllowed = (): MeshResponse => textAnswer(405, "Method not allowed");
export const notFound = (): MeshResponse => textAnswer(404, "404 page not found");
/** The reference reads whatever comes (docs/differences.md). */
export const tooMuch = (): MeshResponse => textAnswer(429, "Too much at once");
/** The reference takes bodies of any size (docs/differences.md). */
export const bodyTooLarge = (): MeshResponse => textAnswer(413, "Request body too large");
/** The reference does not compare (docs/differences.md). */
export const notTheSender = (): MeshResponse => textAnswer(403, "from is not the sender");
