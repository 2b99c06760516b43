/** Which of HTTP's headers pass through the relay, both ways. (docs/tunnel.md §3) */
import type { HeadFields } from "../../tunnel/frames.ts";

const carried = new Set([
  "content-type",
  "content-length",
  "accept",
  "user-agent",
  "location",
  "retry-after",
  "cache-control",
  "date",
]);
const isCarried = (name: string): boolean => carried.has(name) || name.startsWith("x-nara-");

export const carriedFields = (fields: HeadFields): HeadFields =>
  fields.filter(([name]) => isCarried(name));

/** @param raw names and values in turn, as Node read them. */
export function fieldsFromRaw(raw: readonly string[]): HeadFields {
  const fields: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    fields.push([(raw[at] ?? "").toLowerCase(), raw[at + 1] ?? ""]);
  }
  return carriedFields(fields);
}

/** How often a header stands there, whatever its case. */
export const occurrences = (raw: readonly string[], name: string): number =>
  raw.filter((word, at) => at % 2 === 0 && word.toLowerCase() === name).length;

/** The body length that a head promises; undefined without one, NaN when it is none. */
export function promisedLength(fields: HeadFields): number | undefined {
  const value = fields.find(([name]) => name === "content-length")?.[1];
  if (value === undefined) return undefined;
  return /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
}
