/**
 * Whom a relay knows to be there, as a nara asks it through its tunnel (docs/tunnel.md §5). The list
 * is worth no more than hearsay: whoever stands in it has to prove itself.
 */
import { decodeBase64 } from "../nara/codec/base64.ts";
import type { MeshHint } from "../nara/mesh/http.ts";

/** Questions for nobody are for the relay itself. */
export const relayItself = "";
export const directoryPath = "/naras";
/** As many as one answer names; a gossip round has 5 takers at most (events-and-ledger §7). */
export const mostListed = 16;
/** 16 entries with names of 63 code points and addresses of 255 characters fit. */
export const maxDirectoryBytes = 16 * 1024;
const longestAddress = 255;

/** @param name whom the question is about; without one it is about anybody. */
export const directoryTarget = (name?: string): string =>
  name === undefined ? directoryPath : `${directoryPath}?name=${encodeURIComponent(name)}`;

export const directoryText = (listed: readonly MeshHint[]): string =>
  JSON.stringify({
    naras: listed.map(({ name, publicKey, meshIp }) => ({ name, key: publicKey, address: meshIp })),
  });

/** What makes no sense is left out, and so is what comes after the sixteenth. */
export function readDirectory(text: string): readonly MeshHint[] {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isObject(said) || !Array.isArray(said.naras)) return [];
  return said.naras.slice(0, mostListed).flatMap((one: unknown): readonly MeshHint[] => {
    if (!isObject(one)) return [];
    const { name, key, address } = one;
    if (typeof name !== "string" || typeof key !== "string" || typeof address !== "string") {
      return [];
    }
    if (address === "" || address.length > longestAddress) return [];
    return decodeBase64(key)?.length === 32 ? [{ name, publicKey: key, meshIp: address }] : [];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
