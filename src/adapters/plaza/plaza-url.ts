/** Plaza addresses: which schemes there are, and what of a URL may be shown to a person. */
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";

export type PlazaScheme = "mqtt" | "mqtts" | "ws" | "wss";

/** MQTT 3.1.1 §4.2 ports for TCP and TLS; the web's for WebSockets. */
const defaultPorts: Readonly<Record<PlazaScheme, number>> = {
  mqtt: 1883,
  mqtts: 8883,
  ws: 80,
  wss: 443,
};

/** A broker's address, taken apart. */
export interface PlazaUrl {
  readonly scheme: PlazaScheme;
  /** Host name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The URL without user and password; fit to be shown and logged. */
  readonly address: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** Parses a broker's URL. The refusal is a short sentence that names what is wrong. */
export function parsePlazaUrl(
  text: string,
  schemes: readonly PlazaScheme[] = ["mqtt", "mqtts", "ws", "wss"],
): Outcome<PlazaUrl> {
  const wanted = schemes.map((scheme) => `${scheme}://`).join(", ");
  if (!URL.canParse(text)) {
    return refuse(`"${withoutCredentials(text)}" is not a URL (wanted: ${wanted})`);
  }
  const url = new URL(text);
  const scheme = schemes.find((one) => url.protocol === `${one}:`);
  if (scheme === undefined) {
    return refuse(`"${withoutCredentials(text)}" is no plaza's address (wanted: ${wanted})`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === "") return refuse(`"${withoutCredentials(text)}" names no host`);
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === undefined || password === undefined) {
    return refuse("the user or password in the plaza's URL is not percent-encoded");
  }
  const port = url.port === "" ? defaultPorts[scheme] : Number(url.port);
  const path = scheme === "ws" || scheme === "wss" ? `${url.pathname}${url.search}` : "";
  return accept({
    scheme,
    host,
    port,
    address: `${scheme}://${url.host}${path}`,
    user: user === "" ? undefined : user,
    password: password === "" ? undefined : password,
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** For messages about text that may not even be a URL. */
function withoutCredentials(text: string): string {
  return text.replace(/^([a-z]+:\/\/)?.*@/is, "$1").slice(0, 200);
}
