/** A nara under attack: a ledger behind the gate, friends that it knows, and one bad neighbour. */
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { createWebCrypto } from "../../src/adapters/crypto/web-crypto.ts";
import { encodeBase64 } from "../../src/nara/codec/base64.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { attestationText, type CheckpointPayload } from "../../src/nara/events/checkpoint.ts";
import type { EventService, Payloads } from "../../src/nara/events/event-kinds.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../../src/nara/events/sync-event.ts";
import { createLedger, type Ledger } from "../../src/nara/ledger/ledger.ts";
import type { KeyPair } from "../../src/nara/ports.ts";
import type { DropReason } from "../../src/nara/runtime/drops.ts";
import { createKeyring, type Keyring } from "../../src/nara/runtime/keyring.ts";
import { createVirtualClock } from "../../src/nara/testing/virtual-clock.ts";
import { createGate } from "../../src/nara/trust/gate.ts";
import { createIntake } from "../../src/nara/trust/intake.ts";
import type { Source } from "../../src/nara/trust/judgement.ts";
import type { Personality } from "../../src/nara/view.ts";

const noble = createNobleCrypto();
const crypto = createWebCrypto(globalThis.crypto.subtle, noble);

/** Somebody who can sign. */
export interface Nara {
  readonly name: string;
  readonly id: string;
  /** Base64. */
  readonly publicKey: string;
  readonly keyPair: KeyPair;
  /** A signed event of its own. */
  says<Svc extends EventService>(
    svc: Svc,
    payload: Partial<Payloads[Svc]>,
    tsNs?: bigint,
  ): SyncEvent;
  /** Its vote for these facts. */
  attests(checkpoint: CheckpointPayload): string;
}

export const nowNs = 1_800_000_000_000_000_000n;
export const nowS = nowNs / 1_000_000_000n;
export const seconds = (count: number): bigint => BigInt(count) * 1_000_000_000n;

export const times = <Made>(count: number, make: (index: number) => Made): Made[] =>
  Array.from({ length: count }, (_, index) => make(index));

export function nara(name: string): Nara {
  const keyPair = noble.keyPair(utf8(name.padEnd(32, "·")).slice(0, 32));
  return {
    name,
    id: `${name}-id-0000`,
    publicKey: encodeBase64(keyPair.publicKey),
    keyPair,
    says: (svc, payload, tsNs = nowNs) =>
      signSyncEvent(newSyncEvent(svc, tsNs, payload) as SyncEvent, name, keyPair),
    attests: (checkpoint) =>
      encodeBase64(keyPair.sign(utf8(attestationText(checkpoint, `${name}-id-0000`)))),
  };
}

export const alice = nara("alice");
export const bob = nara("bob");
export const carol = nara("carol");
export const dave = nara("dave");
/** Known to all, with a key of her own, and up to no good. */
export const mallory = nara("mallory");
/** Never heard of. */
export const stranger = nara("stranger");

/** What it says, but nobody signed. */
export const unsigned = (event: SyncEvent): SyncEvent => ({ ...event, emitter: "", sig: "" });

/** Every way an event can come; the ones that carry many are mallory's. */
export const everyPath: readonly Source[] = [
  { path: "plaza" },
  { path: "dm" },
  { path: "zine", from: "mallory" },
  { path: "sync", from: "mallory" },
  { path: "import", from: "mallory" },
];

export interface Besieged {
  readonly ledger: Ledger;
  readonly keyring: Keyring;
  /** Names that were heard without a key. */
  readonly unknown: readonly string[];
  /** What was refused, in all. */
  readonly drops: ReadonlyMap<DropReason, number>;
  take(events: readonly SyncEvent[], source?: Source): Promise<Outcome>;
}

export interface Outcome {
  readonly added: number;
  /** Refusals by reason. */
  readonly dropped: { readonly [Reason in DropReason]?: number };
}

/** Alice, who knows bob, carol, dave and mallory by name, id and key. */
export function besieged(
  options: { readonly capacity?: number; readonly personality?: Personality } = {},
): Besieged {
  const clock = createVirtualClock({ startNs: nowNs });
  const keyring = createKeyring(alice);
  for (const { name, id, publicKey } of [bob, carol, dave, mallory])
    keyring.pin(name, id, publicKey);
  const ledger = createLedger({
    capacity: options.capacity ?? 1000,
    isKnown: (name) => keyring.keyOf(name) !== undefined,
  });
  const unknown: string[] = [];
  const drops = new Map<DropReason, number>();
  const gate = createGate({
    clock,
    crypto,
    keyring,
    me: alice.name,
    onUnknown: (name) => void unknown.push(name),
  });
  const intake = createIntake({
    gate,
    ledger,
    personality: options.personality ?? { agreeableness: 50, sociability: 50, chill: 50 },
    countDrop: (reason) => void drops.set(reason, (drops.get(reason) ?? 0) + 1),
  });
  return {
    ledger,
    keyring,
    unknown,
    drops,
    async take(events, source = { path: "dm" }) {
      const { added, dropped } = await intake.take(events, source);
      return { added, dropped: Object.fromEntries(dropped) };
    },
  };
}

/** A checkpoint about somebody, with the votes of these naras. */
export function checkpointOf(
  subject: Nara,
  voters: readonly Nara[],
  parts: Partial<CheckpointPayload> = {},
): CheckpointPayload {
  const { payload } = newSyncEvent("checkpoint", nowNs, {});
  const unvoted: CheckpointPayload = {
    ...payload,
    version: 2n,
    subject: subject.name,
    subject_id: subject.id,
    as_of_time: nowS - 60n,
    observation: {
      ...payload.observation,
      restarts: 7n,
      total_uptime: 86_400n,
      start_time: nowS - 1_000_000n,
    },
    ...parts,
  };
  return {
    ...unvoted,
    voter_ids: voters.map(({ id }) => id),
    signatures: voters.map((voter) => voter.attests(unvoted)),
    ...parts,
  };
}

export const tease = { type: "tease", target: "carol", reason: "comeback" };
export const missing = {
  subject: "carol",
  type: "status-change",
  importance: 2n,
  online_state: "MISSING",
};
export const restart = {
  subject: "carol",
  type: "restart",
  importance: 3n,
  start_time: nowS - 100_000n,
  restart_num: 3n,
  last_restart: nowS,
};
