/**
 * JSON as the reference's web API prints it: some answers are Go maps, whose keys are sorted, some
 * are structs, whose keys stay as declared. Everything here takes and gives printed JSON.
 */
import { goFloat, goMap, goString } from "../codec/go-json.ts";

type Fields = Readonly<Record<string, string>>;

/** A Go map: keys sorted. */
export const mapOf = (fields: Fields): string =>
  goMap(new Map(Object.entries(fields)), (json) => json);

/** A Go struct: keys in the order given. */
export const structOf = (fields: Fields): string =>
  `{${Object.entries(fields)
    .map(([key, json]) => `${goString(key)}:${json}`)
    .join(",")}}`;

export const listOf = (items: readonly string[]): string => `[${items.join(",")}]`;

/** A slice that Go never made while it is empty. */
export const listOrNull = (items: readonly string[]): string =>
  items.length === 0 ? "null" : listOf(items);

/** A document read into Go's `map[string]interface{}` and printed again: all keys sorted. */
export function sortedKeys(value: unknown): string {
  if (typeof value === "string") return goString(value);
  if (typeof value === "number") return goFloat(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return listOf(value.map(sortedKeys));
  if (typeof value !== "object" || value === null) return "null";
  return goMap(new Map<string, unknown>(Object.entries(value)), sortedKeys);
}
