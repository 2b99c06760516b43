/**
 * Howdy: the answer to a hey_there. Wire `{From,To,Seq,You,Neighbors,Me,Signature}` on
 * `nara/plaza/howdy`; the signature covers From, To and Seq alone, so nothing else in it is more
 * than a hint. (docs/protocol/presence-and-life.md §1)
 */
import { decodeGo, encodeGo, list, safeInt, struct, text } from "../../codec/go-types.ts";
import { viewed } from "../../codec/go-view.ts";
import { utf8Length } from "../../codec/utf8.ts";
import { isNameWeAccept } from "../../identity/names.ts";
import { maxFieldBytes } from "../../limits.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { DropReason } from "../../runtime/drops.ts";
import { type Observation, observationType } from "./observation.ts";
import { type NaraStatus, refuseStatus, statusType } from "./status.ts";

export const howdyTopic = "nara/plaza/howdy";

/** A nara that the sender thinks the target should know. Unproven. */
export interface HowdyNeighbour {
  readonly name: string;
  readonly publicKey: string;
  readonly meshIp: string;
  readonly id: string;
  readonly observation: Observation;
}

export interface Howdy {
  readonly from: string;
  /** Who said hey_there. */
  readonly to: string;
  /** The how-manieth howdy to that hey_there this is, 1–10. */
  readonly seq: number;
  /** What the sender remembers of the target. */
  readonly you: Observation;
  /** At most 10. */
  readonly neighbours: readonly HowdyNeighbour[];
  /** The sender's Status, under whose `publicKey` the signature verifies. */
  readonly me: NaraStatus;
  /** Base64 Ed25519 over `howdyText`. */
  readonly signature: string;
}

/** Neighbours in one howdy, and in short memory mode (docs/protocol/presence-and-life.md §2). */
const mostNeighbours = 10;
const mostNeighboursShort = 5;
/** Twice what the reference sends is room enough; the rest of a longer list is not read. */
const mostNeighboursRead = 20;

const neighbourType = viewed(
  struct({ Name: text, PublicKey: text, MeshIP: text, ID: text, Observation: observationType }),
  (wire): HowdyNeighbour => ({
    name: wire.Name,
    publicKey: wire.PublicKey,
    meshIp: wire.MeshIP,
    id: wire.ID,
    observation: wire.Observation,
  }),
  (ours) => ({
    Name: ours.name,
    PublicKey: ours.publicKey,
    MeshIP: ours.meshIp,
    ID: ours.id,
    Observation: ours.observation,
  }),
);

const wireType = struct({
  From: text,
  To: text,
  Seq: safeInt,
  You: observationType,
  Neighbors: list(neighbourType),
  Me: statusType,
  Signature: text,
});

/** The signed text (docs/protocol/presence-and-life.md §1). */
export const howdyText = (howdy: Pick<Howdy, "from" | "to" | "seq">): string =>
  `howdy:${howdy.from}:${howdy.to}:${howdy.seq}`;

/**
 * Byte for byte what the reference would send; no neighbours are `null`, and `Me.Observations` is
 * never null, which would make a Go peer panic later (docs/protocol/presence-and-life.md, Traps).
 *
 * @throws RangeError for numbers without JSON
 */
export function encodeHowdy(howdy: Howdy): string {
  return encodeGo(wireType, {
    From: howdy.from,
    To: howdy.to,
    Seq: howdy.seq,
    You: howdy.you,
    Neighbors: howdy.neighbours.length === 0 ? null : howdy.neighbours,
    Me: { ...howdy.me, observations: howdy.me.observations ?? new Map() },
    Signature: howdy.signature,
  });
}

/** Neighbours with names or fields that no nara has are left out; all else refuses the howdy. */
export function decodeHowdy(json: string): Outcome<Howdy, DropReason> {
  const decoded = decodeGo(wireType, json);
  if (!decoded.ok) return decoded;
  const wire = decoded.value;
  if (!isNameWeAccept(wire.From) || !isNameWeAccept(wire.To)) return refuse("bad_name");
  const refusal = refuseStatus(wire.Me);
  if (refusal !== undefined) return refuse(refusal);
  return accept({
    from: wire.From,
    to: wire.To,
    seq: wire.Seq,
    you: wire.You,
    neighbours: (wire.Neighbors ?? []).slice(0, mostNeighboursRead).filter(isCredible),
    me: wire.Me,
    signature: wire.Signature,
  });
}

/** Somebody whom I could recommend. */
export interface Acquaintance {
  readonly name: string;
  readonly observation: Observation;
}

/**
 * Whom a howdy names: nobody but others than me, the target and those mentioned already; ONLINE
 * first, then those seen longest ago, then by name. (docs/protocol/presence-and-life.md §2)
 */
export function chooseNeighbours<Known extends Acquaintance>(
  known: readonly Known[],
  howdy: {
    readonly myName: string;
    readonly target: string;
    readonly mentioned: ReadonlySet<string>;
    readonly shortMemory: boolean;
  },
): readonly Known[] {
  const isOnline = ({ observation }: Known): number => (observation.online === "ONLINE" ? 1 : 0);
  return known
    .filter(({ name }) => name !== howdy.myName && name !== howdy.target)
    .filter(({ name }) => !howdy.mentioned.has(name))
    .sort(
      (a, b) =>
        isOnline(b) - isOnline(a) ||
        a.observation.lastSeenS - b.observation.lastSeenS ||
        (a.name < b.name ? -1 : 1),
    )
    .slice(0, howdy.shortMemory ? mostNeighboursShort : mostNeighbours);
}

function isCredible(neighbour: HowdyNeighbour): boolean {
  const fields = [neighbour.publicKey, neighbour.meshIp, neighbour.id];
  return (
    isNameWeAccept(neighbour.name) && fields.every((field) => utf8Length(field) <= maxFieldBytes)
  );
}
