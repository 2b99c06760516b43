/** Which plaza a page may choose, the one it gets when it chooses none, and the relay beside it. */
import { parsePlazaUrl } from "../adapters/plaza/plaza-url.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";

/** The broker of the server that also serves the pages. */
const ownPath = "/mqtt";
const relayPath = "/tunnel";

/**
 * A broker's address as a person typed it, tidied. "" stays "": the server the page came from.
 *
 * @param pageOrigin where the page came from; under https only `wss://`, or `ws://` to this very
 *   machine, can be opened (mixed content).
 */
export function checkPlazaUrl(typed: string, pageOrigin: string): Outcome<string> {
  const text = typed.trim();
  if (text === "") return accept("");
  const parsed = parsePlazaUrl(text, ["wss", "ws"]);
  if (!parsed.ok) return parsed;
  const { scheme, host, address } = parsed.value;
  if (text.includes("#")) return refuse(`"${address}" may not end in "#…"`);
  if (pageOrigin.startsWith("https:") && scheme === "ws" && !isThisMachine(host)) {
    return refuse(`this page came over https, so "${address}" must begin with wss://`);
  }
  return accept(text);
}

/** Where to connect, given the setting and where the page came from. */
export function plazaAddress(plazaUrl: string, pageOrigin: string): string {
  return plazaUrl === "" ? socketUrl(ownPath, pageOrigin) : plazaUrl;
}

/** The relay of the server that serves the pages (docs/tunnel.md §1). */
export const relayAddress = (pageOrigin: string): string => socketUrl(relayPath, pageOrigin);

function socketUrl(path: string, pageOrigin: string): string {
  const url = new URL(path, pageOrigin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Hosts that browsers take for trustworthy without TLS (W3C Secure Contexts, §3.1). */
function isThisMachine(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "::1" ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}
