/**
 * A postcard's chain of hops: each nara that carries it signs the message and all hops before its
 * own (docs/protocol/mesh-runtime-checkpoints.md §2; docs/protocol/identity.md §11, 2).
 * A hop's own stamp and time are covered by the hops after it, those of the last hop by none.
 */
import { sha256 } from "#sha256";
import { decodeBase64, encodeBase64 } from "../../codec/base64.ts";
import { base64Fault } from "../../codec/base64-fault.ts";
import { encodeGo, list, struct, text, type ValueOf } from "../../codec/go-types.ts";
import { type Postcard, postcardHop } from "../../mesh/postcard.ts";
import type { Crypto, KeyPair, SignatureClaim } from "../../ports.ts";

export type Hop = ValueOf<typeof postcardHop>;

/** By number of hops before (§2; docs/protocol/tables/stamps.json). */
const stamps = ["🌟", "🎉", "🚀", "💫", "✨", "🌈", "🎊", "💖", "🌸", "🔥"];

/** Bytes of the digest that an id shows (§2). */
const idBytes = 16;

const signedType = struct({
  id: text,
  message: text,
  originator: text,
  previous_hops: list(postcardHop),
  current_nara: text,
});

/** A postcard before its journey. @param tsNs Unix nanoseconds. */
export function newPostcard(originator: string, message: string, tsNs: bigint): Postcard {
  const digest = sha256(`${originator}:${message}:${tsNs}`);
  return { id: encodeBase64(digest.subarray(0, idBytes)), message, originator, hops: [] };
}

/** The hops so far; none where the sender wrote `null` or left them out. */
export const hopsOf = (card: Postcard): readonly Hop[] => card.hops ?? [];

/** The JSON whose SHA-256 a nara signs to become the hop after `previous`. */
export const hopText = (card: Postcard, previous: readonly Hop[], nara: string): string =>
  encodeGo(signedType, {
    id: card.id,
    message: card.message,
    originator: card.originator,
    previous_hops: previous,
    current_nara: nara,
  });

export const hopDigest = (card: Postcard, previous: readonly Hop[], nara: string): Uint8Array =>
  sha256(hopText(card, previous, nara));

export const stampAfter = (hopsBefore: number): string => stamps[hopsBefore % stamps.length] ?? "";

/** The postcard with one more hop. @param atS Unix seconds. */
export function withHop(
  card: Postcard,
  nara: string,
  keyPair: Pick<KeyPair, "sign">,
  atS: bigint,
): Postcard {
  const previous = hopsOf(card);
  const signature = encodeBase64(keyPair.sign(hopDigest(card, previous, nara)));
  const hop = { nara, timestamp: atS, signature, stamp: stampAfter(previous.length) };
  return { ...card, hops: [...previous, hop] };
}

/** Is it home again, by what its last hop says? */
export const isComplete = (card: Postcard): boolean =>
  hopsOf(card).at(-1)?.nara === card.originator;

export const hasVisited = (card: Postcard, nara: string): boolean =>
  hopsOf(card).some((hop) => hop.nara === nara);

/** Rewards as the reference shows them; what counts for clout are the events (§2). */
const originatorReward = 10;
const carrierReward = 2;

/** By name; empty before the postcard is home. */
export function rewardsOf(card: Postcard): ReadonlyMap<string, number> {
  if (!isComplete(card)) return new Map();
  const carriers = hopsOf(card).filter((hop) => hop.nara !== card.originator);
  return new Map([
    [card.originator, originatorReward],
    ...carriers.map((hop): [string, number] => [hop.nara, carrierReward]),
  ]);
}

/**
 * What breaks the chain first, in the reference's words; undefined when all hops are signed.
 *
 * @param keyOf the key pinned to a name, undefined for a stranger.
 */
export async function chainFault(
  card: Postcard,
  keyOf: (name: string) => Uint8Array | undefined,
  verify: Crypto["verify"],
): Promise<string | undefined> {
  const hops = hopsOf(card);
  const claims: SignatureClaim[] = [];
  let unreadable: string | undefined;
  for (const [index, hop] of hops.entries()) {
    const publicKey = keyOf(hop.nara);
    const signature = decodeBase64(hop.signature);
    if (publicKey === undefined) unreadable = `unknown public key for ${hop.nara}`;
    else if (signature === undefined) unreadable = badEncoding(hop);
    else claims.push({ publicKey, message: digestAt(card, index), signature });
    if (unreadable !== undefined) break;
  }
  const wrong = (await verify(claims)).indexOf(false);
  const forger = hops[wrong];
  if (forger === undefined) return unreadable;
  return `invalid signature from ${forger.nara} at hop ${wrong}`;
}

/** What the hop at `index` has to have signed. */
export function digestAt(card: Postcard, index: number): Uint8Array {
  const hops = hopsOf(card);
  return hopDigest(card, hops.slice(0, index), hops[index]?.nara ?? "");
}

const badEncoding = ({ nara, signature }: Hop): string =>
  `invalid signature encoding for ${nara}: ` +
  `illegal base64 data at input byte ${base64Fault(signature) ?? 0}`;
