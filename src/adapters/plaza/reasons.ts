/** Turns what libraries and sockets report into one short sentence for a person. */

/** CONNACK return codes of MQTT 3.1.1 (§3.2.2.3). */
const connackReasons: Readonly<Record<number, string>> = {
  1: "the plaza does not speak MQTT 3.1.1",
  2: "the plaza does not accept this name",
  3: "the plaza's server is there, but its broker is not",
  4: "wrong user or password",
  5: "the plaza does not let us in: user or password missing or wrong",
};

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody answers at",
  ENOTFOUND: "there is no such host:",
  EAI_AGAIN: "the host's name cannot be looked up:",
  ETIMEDOUT: "no answer in time from",
  EHOSTUNREACH: "there is no way to",
  ENETUNREACH: "there is no way to",
  ECONNRESET: "the connection was cut by",
  EPIPE: "the connection was cut by",
};

/** Messages of two faults, in the words of mqtt.js. */
export const connackTimeout = "connack timeout";
export const keepaliveTimeout = "Keepalive timeout";

export const leftReason = "left the plaza";
export const lostReason = "the connection to the plaza was lost";
/** What a server says, with details behind a colon, when its own broker cannot be reached. */
export const unreachablePrefix = "plaza unreachable";

/** @param address the plaza's, without credentials. */
export function reasonOf(fault: unknown, address: string): string {
  const { code, message } = faultParts(fault);
  if (typeof code === "number") {
    return connackReasons[code] ?? `the plaza refused the connection (code ${code})`;
  }
  if (typeof code === "string") {
    const known = networkReasons[code];
    if (known !== undefined) return `${known} ${address}`;
    if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|^ERR_TLS/.test(code)) {
      return `the certificate of ${address} is not to be trusted (${code})`;
    }
    if (code === "EPROTO" || code.startsWith("ERR_SSL")) return `${address} does not speak TLS`;
  }
  if (message === connackTimeout) return `no answer in time from ${address}`;
  if (message === keepaliveTimeout) return "the plaza stopped answering";
  const refused = /Unexpected server response: (\d+)/.exec(message ?? "");
  if (refused !== null) return `${address} answers, but not with a plaza (HTTP ${refused[1]})`;
  return message === undefined || message === "" ? lostReason : `${lostReason} (${message})`;
}

/**
 * What the end of a WebSocket tells.
 *
 * @param opened whether the socket ever opened.
 */
export function reasonOfWebSocket(
  closed: { readonly code: number; readonly reason: string },
  opened: boolean,
  address: string,
): string | undefined {
  const told = closed.reason.replace(/[\p{C}\s]+/gu, " ").trim();
  if (told.startsWith(unreachablePrefix)) {
    const details = told.slice(unreachablePrefix.length).replace(/^[:\s]+/, "");
    return details === "" ? connackReasons[3] : `${connackReasons[3]}: ${details}`;
  }
  if (told !== "") return told;
  if (!opened) return `nobody answers at ${address}`;
  if (closed.code === 1001) return "the plaza's server is going away";
  if (closed.code === 1012) return "the plaza's server is restarting";
  return undefined;
}

function faultParts(fault: unknown): {
  readonly code: string | number | undefined;
  readonly message: string | undefined;
} {
  if (typeof fault !== "object" || fault === null) return { code: undefined, message: undefined };
  const code = "code" in fault ? fault.code : undefined;
  const message = "message" in fault ? fault.message : undefined;
  return {
    code: typeof code === "string" || typeof code === "number" ? code : undefined,
    message: typeof message === "string" ? message.slice(0, 120) : undefined,
  };
}
