/** Payload types of the runtime messages in the vectors, by kind. */
import { type GoType, raw } from "../../src/nara/codec/go-types.ts";
import { type GoJsonValue, goJson, type JsonValue, parseJson } from "../support/any-json.ts";
import { payloads } from "../support/sample-stash.ts";

const typesByKind = new Map<string, GoType<unknown>>(
  Object.entries(payloads as Record<string, GoType<unknown>>),
);

/** The declared type of a kind's payload, or one for anything. */
export const payloadOf = (kind: string): GoType<unknown> =>
  typesByKind.get(kind) ?? (anything as GoType<unknown>);

/** A payload of no declared type, as Go prints an untyped value: maps, with their keys sorted. */
const anything: GoType<string> = {
  ...raw,
  print: (source) => {
    const parsed = parseJson(source);
    return parsed.ok ? goJson(asGoValue(parsed.value)) : source;
  },
};

function asGoValue(value: JsonValue): GoJsonValue {
  if (Array.isArray(value)) return value.map(asGoValue);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, asGoValue(inner)]));
}
