/**
 * Barrio: the neighbourhood a nara lives in, by its place on a grid as wide as the network's
 * usual distance, or by a monthly vibe while its place is not known
 * (docs/protocol/identity.md §6). Every observer draws its own grid.
 */
import { formatRfc3339 } from "../codec/rfc3339.ts";
import { utf8 } from "../codec/utf8.ts";
import type { Barrio } from "../view.ts";
import { hash64 } from "./hash64.ts";
import { pick } from "./pick.ts";
import { barrios } from "./words.ts";

/** A Vivaldi coordinate, ms (docs/protocol/presence-and-life.md §6). */
export interface Coordinate {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly error: number;
}

/** A cell of the grid, in whole cells from the origin. */
export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** A month of the observer's local calendar. */
export interface Month {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
}

/** What decides where a nara lives. */
export interface Dweller {
  readonly name: string;
  readonly coordinate: Coordinate | undefined;
}

/** What an observer judges by. */
export interface BarrioMap {
  /** Side of a cell, ms; from `gridSize`. */
  readonly gridMs: number;
  readonly month: Month;
}

/** Side of a cell while no round trip is known, and its bounds (§6). */
const defaultGridMs = 50;
const smallestGridMs = 10;
const largestGridMs = 200;

/** Median of the round trips above 0 in one's own ledger, within bounds. */
export function gridSize(rttsMs: readonly number[]): number {
  const sorted = rttsMs.filter((rtt) => rtt > 0).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    return defaultGridMs;
  }
  return Math.min(largestGridMs, Math.max(smallestGridMs, (lower + upper) / 2));
}

export function barrioOf(dweller: Dweller, map: BarrioMap): Barrio {
  return pick(barrios, cellIndex(dweller.coordinate, map.gridMs) ?? vibeIndex(dweller, map));
}

/** Do the two live together? By vibe as soon as the place of one is not known. */
export function inSameBarrio(one: Dweller, other: Dweller, map: BarrioMap): boolean {
  const cell = cellIndex(one.coordinate, map.gridMs);
  const otherCell = cellIndex(other.coordinate, map.gridMs);
  if (cell === undefined || otherCell === undefined) {
    return vibeIndex(one, map) === vibeIndex(other, map);
  }
  return cell === otherCell;
}

/** Index of the barrio at a coordinate; undefined while that is not known or not finite. */
export function cellIndex(coordinate: Coordinate | undefined, gridMs: number): number | undefined {
  const cell = cellOf(coordinate, gridMs);
  if (cell === undefined) {
    return undefined;
  }
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setBigInt64(0, toInt64(cell.x));
  bytes.setBigInt64(8, toInt64(cell.y));
  return barrioIndex(hash64(new Uint8Array(bytes.buffer)));
}

/** The cell of the grid around a coordinate; undefined while that is not known or not finite. */
export const cellOf = (coordinate: Coordinate | undefined, gridMs: number): Cell | undefined =>
  coordinate === undefined || !isFinitePlace(coordinate)
    ? undefined
    : { x: Math.floor(coordinate.x / gridMs), y: Math.floor(coordinate.y / gridMs) };

/**
 * The month of a moment between the years 0 and 9999.
 *
 * @param nowNs Unix nanoseconds.
 * @param offsetMinutes of the observer's time zone, east of UTC.
 */
export function monthAt(nowNs: bigint, offsetMinutes: number): Month {
  const [year, month] = (formatRfc3339(nowNs, offsetMinutes) ?? "").split("-", 2).map(Number);
  return { year: year ?? 0, month: month ?? 0 };
}

/** A 64-bit mood that changes every month; the name's barrio without a place follows from it. */
export function vibeOf(name: string, { year, month }: Month): bigint {
  return hash64(utf8(name), utf8(codePoint(year)), utf8(codePoint(month)));
}

function vibeIndex({ name }: Dweller, { month }: BarrioMap): number {
  return barrioIndex(vibeOf(name, month));
}

const barrioIndex = (hash: bigint) => Number(hash % BigInt(barrios.length));

/** Is it a place at all? */
export const isFinitePlace = ({ x, y, height, error }: Coordinate) =>
  Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(height) && Number.isFinite(error);

/** As the reference's processors convert: what does not fit becomes the lowest number. */
function toInt64(whole: number): bigint {
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
}

/** The character with this code point, U+FFFD where there is none (§6, cp). */
function codePoint(code: number): string {
  const exists = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return exists ? String.fromCodePoint(code) : "\ufffd";
}
