/**
 * A request's target as Go's server reads it: the decoded path that is signed, and the query.
 * (docs/protocol/mesh-runtime-checkpoints.md §1)
 */
import { fromUtf8, utf8 } from "../codec/utf8.ts";

export interface Target {
  /** As sent, without the query. */
  readonly rawPath: string;
  /** Decoded: this is what signatures cover. */
  readonly path: string;
  /** Each part between slashes decoded, as routes are matched: `%2F` parts nothing. */
  readonly parts: readonly string[];
  /** After the question mark, as sent; "" without one. */
  readonly rawQuery: string;
}

/** Undefined for what Go's server refuses before anybody sees it. */
export function parseTarget(target: string): Target | undefined {
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const path = unescaped(rawPath);
  if (!rawPath.startsWith("/") || path === undefined) return undefined;
  return {
    rawPath,
    path,
    parts: rawPath
      .slice(1)
      .split("/")
      .map((part) => unescaped(part) ?? part),
    rawQuery: mark < 0 ? "" : target.slice(mark + 1),
  };
}

/** The first value of a query's key; "" without one. Pairs that Go cannot read are left out. */
export function queryValue(rawQuery: string, key: string): string {
  for (const pair of rawQuery.split("&")) {
    if (pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const name = unescaped(plusAsSpace(equals < 0 ? pair : pair.slice(0, equals)));
    if (name !== key) continue;
    const value = unescaped(plusAsSpace(equals < 0 ? "" : pair.slice(equals + 1)));
    if (value !== undefined) return value;
  }
  return "";
}

/** The path without `//`, `.` and `..`; a slash at the end stays. */
export function cleanPath(rawPath: string): string {
  const kept: string[] = [];
  for (const part of rawPath.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  const clean = `/${kept.join("/")}`;
  return rawPath.endsWith("/") && clean !== "/" ? `${clean}/` : clean;
}

const plusAsSpace = (text: string): string => text.replaceAll("+", " ");

/** Undoes percent escapes; undefined when one is cut or no hexadecimal number. */
function unescaped(text: string): string | undefined {
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const percent = text.indexOf("%", at);
    const end = percent < 0 ? text.length : percent;
    for (const byte of utf8(text.slice(at, end))) bytes.push(byte);
    if (percent < 0) break;
    const digits = text.slice(percent + 1, percent + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(digits)) return undefined;
    bytes.push(Number.parseInt(digits, 16));
    at = percent + 3;
  }
  return fromUtf8(Uint8Array.from(bytes));
}
