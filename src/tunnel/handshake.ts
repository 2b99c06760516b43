/**
 * How a nara proves to a relay that it holds its key, before the first frame (docs/tunnel.md §2):
 * challenge, answer, welcome, each one text message of JSON. The answer signs everything that the
 * challenge said, so it is worth nothing at another relay, in another connection or later.
 */
import { decodeBase64, encodeBase64 } from "../nara/codec/base64.ts";
import { utf8 } from "../nara/codec/utf8.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { KeyPair, SignatureClaim } from "../nara/ports.ts";

/** The WebSocket subprotocol. */
export const tunnelProtocol = "nara-tunnel";
/** The frames of docs/tunnel.md §3. */
export const tunnelVersion = 1;
/** As for every signed request of the mesh (docs/protocol/mesh-runtime-checkpoints.md §1). */
export const maxClockSkewMs = 30_000;
/** Between a challenge and its answer. */
export const handshakeTimeoutMs = 10_000;
/** How long the address of a tunnel that dropped is kept for its nara. */
export const resumeMs = 30_000;
/** A name of 63 code points of 4 bytes and a host of 255 fit several times. */
export const maxHandshakeBytes = 4 * 1024;
const nonceBytes = 32;

export interface Challenge {
  /** 32 random bytes, never used again. */
  readonly nonce: Uint8Array;
  /** The relay as the nara called it, `host:port`. */
  readonly host: string;
  /** Unix milliseconds at the relay. */
  readonly timeMs: number;
}

export interface Answer {
  readonly name: string;
  readonly id: string;
  readonly publicKey: Uint8Array;
  /** To be verified; nothing of the answer is to be believed before. */
  readonly claim: SignatureClaim;
}

export interface Welcome {
  /** Where others reach the nara: what it announces as its mesh address. */
  readonly address: string;
}

/** Who answers a challenge. */
export interface Answerer {
  readonly name: string;
  readonly id: string;
  readonly keyPair: KeyPair;
}

export const challengeText = ({ nonce, host, timeMs }: Challenge): string =>
  JSON.stringify({ versions: [tunnelVersion], nonce: encodeBase64(nonce), host, time: timeMs });

export const welcomeText = ({ address }: Welcome): string =>
  JSON.stringify({ version: tunnelVersion, address });

/**
 * The answer to a challenge, if it is one that may be answered.
 *
 * @param dialled the host that the nara meant to call; a relay in between would show another.
 * @param nowMs the nara's own clock, Unix milliseconds.
 */
export function answerTo(
  text: string,
  who: Answerer,
  dialled: string,
  nowMs: number,
): Outcome<string> {
  const said = readObject(text);
  const { versions, nonce, host, time } = said ?? {};
  if (
    !Array.isArray(versions) ||
    typeof nonce !== "string" ||
    typeof host !== "string" ||
    !isTime(time) ||
    decodeBase64(nonce)?.length !== nonceBytes
  ) {
    return refuse("this is no relay: it did not challenge");
  }
  if (!versions.includes(tunnelVersion)) return refuse("the relay speaks another version");
  if (host !== dialled) return refuse("the relay's challenge is meant for another host");
  const skewMs = nowMs - time;
  if (Math.abs(skewMs) > maxClockSkewMs) {
    const ahead = skewMs > 0 ? "ahead of" : "behind";
    return refuse(`this clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${ahead} the relay's`);
  }
  const key = encodeBase64(who.keyPair.publicKey);
  const { name, id } = who;
  const signature = encodeBase64(
    who.keyPair.sign(utf8(signedText({ nonce, host, time, name, id, key }))),
  );
  return accept(JSON.stringify({ version: tunnelVersion, name, id, key, signature }));
}

/**
 * Reads the answer to a challenge of ours. The signature is still to be verified.
 *
 * @param nowMs the relay's clock, Unix milliseconds.
 */
export function readAnswer(text: string, challenge: Challenge, nowMs: number): Outcome<Answer> {
  const said = readObject(text);
  const { version, name, id, key, signature } = said ?? {};
  if (version !== tunnelVersion) return refuse(`this relay speaks version ${tunnelVersion}`);
  if (
    typeof name !== "string" ||
    typeof id !== "string" ||
    typeof key !== "string" ||
    typeof signature !== "string" ||
    /[\n\r]/.test(name + key) ||
    !/^[1-9A-HJ-NP-Za-km-z]{1,64}$/.test(id)
  ) {
    return refuse("not an answer");
  }
  if (Math.abs(nowMs - challenge.timeMs) > maxClockSkewMs) return refuse("an answer too late");
  const publicKey = decodeBase64(key);
  const signatureBytes = decodeBase64(signature);
  if (publicKey?.length !== 32 || signatureBytes?.length !== 64) return refuse("not an answer");
  const message = utf8(
    signedText({
      nonce: encodeBase64(challenge.nonce),
      host: challenge.host,
      time: challenge.timeMs,
      name,
      id,
      key,
    }),
  );
  return accept({ name, id, publicKey, claim: { publicKey, message, signature: signatureBytes } });
}

export function readWelcome(text: string): Outcome<Welcome> {
  const { version, address } = readObject(text) ?? {};
  return version === tunnelVersion && typeof address === "string" && address.length <= 255
    ? accept({ address })
    : refuse("the relay's welcome makes no sense");
}

interface Signed {
  readonly nonce: string;
  readonly host: string;
  readonly time: number;
  readonly name: string;
  readonly id: string;
  readonly key: string;
}

/** Begins like nothing else that a nara signs: names have no spaces. */
const signedText = ({ nonce, host, time, name, id, key }: Signed): string =>
  ["nara tunnel v1", nonce, host, time, name, id, key].join("\n");

const isTime = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0;

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.length > maxHandshakeBytes) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
