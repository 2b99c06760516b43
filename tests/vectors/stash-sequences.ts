/**
 * Recorded errands of the reference's stash, run again with ours: as the owner who says each call,
 * and as the confidant who answers it. What no message was exchanged for is told by its text.
 *
 * Ours differs in what nobody signs: calls name whom they are for, and their ids know who asks.
 */
import { hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { decodeGo } from "../../src/nara/codec/go-types.ts";
import { parseRfc3339 } from "../../src/nara/codec/rfc3339.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import { memoryProfile } from "../../src/nara/identity/memory-mode.ts";
import { open, seal, symmetricKey } from "../../src/nara/identity/seal.ts";
import { accept, type Outcome, refuse } from "../../src/nara/outcome.ts";
import type { ServiceContext } from "../../src/nara/runtime/service.ts";
import { service } from "../../src/nara/runtime/service.ts";
import type { Candidate } from "../../src/nara/services/stash/confidants.ts";
import { type Courier, createCourier } from "../../src/nara/services/stash/courier.ts";
import { createKeeper } from "../../src/nara/services/stash/keeper.ts";
import {
  type StorePayload,
  stashAck,
  stashPayloads,
  stashRequest,
  stashResponse,
  stashStore,
} from "../../src/nara/services/stash/messages.ts";
import { createMine, type Mine } from "../../src/nara/services/stash/mine.ts";
import { createReturns } from "../../src/nara/services/stash/returns.ts";
import { createStash } from "../../src/nara/services/stash/stash.ts";
import { createVault } from "../../src/nara/services/stash/vault.ts";
import { createMockRuntime, type MockRuntime } from "../../src/nara/testing/mock-runtime.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import type { Person } from "./signers.ts";

export interface StashSequence {
  readonly requests: readonly { readonly body: string }[] | null;
  /** Null for success, an error's text, or the results of several steps. */
  readonly result: null | string | readonly (null | string | number)[];
}

interface Wire {
  readonly id: string;
  readonly kind: keyof typeof stashPayloads;
  readonly from: string;
  readonly from_id: string;
  readonly to_id: string;
  readonly timestamp: string;
  readonly in_reply_to?: string;
  readonly payload: Record<string, unknown>;
}

interface Said extends Wire {
  readonly body: string;
  /** The payload as it was sent. */
  readonly payloadText: string;
  readonly atNs: bigint;
}

const crypto = createNobleCrypto();

export async function checkStashSequence(
  { requests, result }: StashSequence,
  people: readonly Person[],
): Promise<void> {
  const said = (requests ?? []).map(({ body }) => read(body));
  const calls = said.filter(({ kind }) => kind === stashStore.kind || kind === stashRequest.kind);
  const answers = new Map(said.map((message) => [message.in_reply_to ?? "", message]));
  const errors = [result].flat().filter((part) => typeof part === "string" && !isData(part));
  const seeds = new Map(people.map(({ id, seedHex }) => [id, hexToBytes(seedHex)]));

  const outcomes: Outcome<unknown>[] = [];
  const givenBack: string[] = [];
  const owner = people.find(({ id }) => id === calls[0]?.from_id);
  if (owner !== undefined) {
    const key = symmetricKey(hexToBytes(owner.seedHex));
    const plain = (message: Said): Uint8Array => {
      const { nonce, ciphertext } = sealedIn(message);
      const opened = open(key, nonce, ciphertext);
      if (!opened.ok) throw new Error(opened.refusal);
      return opened.value;
    };
    for (const call of calls) {
      const answer = answers.get(call.id);
      const asked = await askAgain(owner, call, answer, String(errors[0] ?? ""), (sealed) =>
        seal(key, sealed.nonce, plain(call)),
      );
      outcomes.push(asked);
      if (answer?.payload.found === true) givenBack.push(fromUtf8(plain(answer)));
      else if (call.kind === stashStore.kind) givenBack.push(fromUtf8(plain(call)));
    }
  }
  for (const confidant of people) {
    const heard = calls.filter(({ to_id }) => to_id === confidant.id);
    await answerAgain(confidant, people, seeds, heard, said);
  }

  for (const part of [result].flat()) {
    if (part === null) expect(outcomes.some(({ ok }) => ok)).toBe(calls.length > 0);
    else if (typeof part === "number")
      expect(part).toBe(new Set(calls.map(({ to_id }) => to_id)).size);
    else if (isData(part)) expect(givenBack).toContain(part);
    else expect(await ourWords(part, outcomes)).toBe(part);
  }
}

const isData = (part: string): boolean => part.startsWith("{");

function read(body: string): Said {
  const wire = JSON.parse(body) as Wire;
  const payloadText = body.slice(
    body.indexOf('"payload":') + '"payload":'.length,
    body.lastIndexOf(',"signature":'),
  );
  return { ...wire, body, payloadText, atNs: parseRfc3339(wire.timestamp)?.ns ?? 0n };
}

function sealedIn({ kind, payloadText }: Said) {
  const type = stashPayloads[kind as "stash:store" | "stash:response"];
  const read = decodeGo<Pick<StorePayload, "nonce" | "ciphertext">>(type, payloadText);
  if (!read.ok || read.value.nonce === null || read.value.ciphertext === null) {
    throw new Error("nothing is sealed in it");
  }
  return { nonce: read.value.nonce, ciphertext: read.value.ciphertext };
}

const moveTo = async (mock: MockRuntime, atNs: bigint): Promise<void> => {
  const aheadMs = Number((atNs - mock.clock.nowNs()) / 1_000_000n);
  if (aheadMs > 0) await mock.clock.advance(aheadMs);
};

/** The owner's side of one call: what we say is what was said, and the answer counts the same. */
async function askAgain(
  owner: Person,
  call: Said,
  answer: Said | undefined,
  error: string,
  sealedAgain: (sealed: { nonce: Uint8Array; ciphertext: Uint8Array }) => Uint8Array,
): Promise<Outcome<unknown>> {
  let nara: ServiceContext | undefined;
  const failure = /mesh send to .*?: (?<why>.*)$/.exec(error)?.groups?.why;
  const why = answer === undefined ? failure : undefined;
  const mock = createMockRuntime({
    services: [
      service("owner", [stashStore, stashAck, stashRequest, stashResponse], (context) => {
        nara = context;
        return {};
      }),
    ],
    crypto,
    me: owner,
    keyPair: crypto.keyPair(hexToBytes(owner.seedHex)),
    mesh: { send: async () => why },
  });
  if (nara === undefined) throw new Error("no runtime");
  const name = answer?.from ?? "peer";
  const confidant = mock.stranger(name);
  mock.runtime.keyring.pin(name, call.to_id, confidant.publicKey);
  mock.runtime.mesh.peers.prove(name, name);
  await moveTo(mock, call.atNs);
  const courier = createCourier(nara);
  const to = { name, id: call.to_id };
  const asking =
    call.kind === stashRequest.kind
      ? courier.requestFrom(to)
      : courier.storeWith(to, { ...sealedIn(call), ciphertext: sealedAgain(sealedIn(call)) });
  await mock.clock.advance(0);
  const spoken = read(mock.sent.at(-1)?.text ?? "");
  expect(spoken).toMatchObject({ kind: call.kind, from_id: call.from_id, to_id: call.to_id });
  expect(spoken.payloadText).toBe(call.payloadText);
  if (answer === undefined) await mock.clock.advance(31_000);
  else {
    const behaviour = answer.kind === stashAck.kind ? stashAck : stashResponse;
    const payload = decodeGo<unknown>(stashPayloads[answer.kind], answer.payloadText);
    if (!payload.ok) throw new Error(payload.refusal);
    // Signed anew: not of everybody who answered the seed is told.
    await mock.deliver(confidant, behaviour as typeof stashAck, payload.value as never, {
      fromId: call.to_id,
      toId: owner.id,
      inReplyTo: spoken.id,
      tsNs: answer.atNs,
    });
  }
  return withError(await asking);
}

const withError = (outcome: Outcome<unknown>): Outcome<unknown> =>
  // What a server says besides its status is our addition.
  outcome.ok ? outcome : refuse(outcome.refusal.replace(/(server returned \d+):.*$/, "$1"));

/** The confidant's side: our stash hears the very bodies and says what was said. */
async function answerAgain(
  confidant: Person,
  people: readonly Person[],
  seeds: ReadonlyMap<string, Uint8Array>,
  heard: readonly Said[],
  said: readonly Said[],
): Promise<void> {
  const seed = seeds.get(confidant.id) ?? new Uint8Array(32);
  const stash = createStash({
    vault: createVault(seed, createSeededRandom(1)),
    memory: () => memoryProfile("short"),
    neighbours: { neighbours: () => [], neighbour: () => undefined },
    onChange: () => {},
  });
  const mock = createMockRuntime({
    services: [stash.service],
    crypto,
    me: confidant,
    keyPair: crypto.keyPair(seed),
  });
  for (const { name, id, publicKey } of people) {
    if (id === confidant.id) continue;
    mock.runtime.keyring.pin(name, id, publicKey);
    mock.runtime.mesh.peers.prove(name, name);
  }
  // Stored before by owners who are not named among the calls: each with a voice of its own, since
  // we keep nothing in another's name.
  const inReply = new Set(heard.map(({ id }) => id));
  const others = said.filter(
    ({ from_id, kind, in_reply_to = "" }) =>
      from_id === confidant.id && kind === stashAck.kind && !inReply.has(in_reply_to),
  );
  for (const { payload } of others) {
    const peer = mock.peer(String(payload.owner_id));
    await mock.deliver(peer, stashStore, {
      ...{ owner_id: peer.id, owner: peer.name, ts: 0 },
      ...{ nonce: new Uint8Array(24), ciphertext: utf8("sealed") },
    });
  }
  for (const call of heard) {
    const answer = said.find(({ in_reply_to }) => in_reply_to === call.id);
    // Who does not know the caller's key says nothing.
    if (answer === undefined) continue;
    await moveTo(mock, answer.atNs);
    expect(await mock.runtime.hear(call.body)).toMatchObject({ type: "accepted" });
    await mock.clock.advance(0);
    const spoken = read(mock.sent.at(-1)?.text ?? "");
    expect(spoken).toMatchObject({
      ...{ kind: answer.kind, from: answer.from, from_id: answer.from_id },
      ...{ to_id: answer.to_id, in_reply_to: call.id },
    });
    expect(spoken.payloadText).toBe(answer.payloadText);
  }
}

/** What ours says where the reference said `text`. */
async function ourWords(text: string, outcomes: readonly Outcome<unknown>[]): Promise<string> {
  const spoken = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal]));
  const unregistered = /peer not registered: (?<id>.*)$/.exec(text)?.groups?.id;
  const number = Number(/(?:only found|only have) (?<count>\d+)$/.exec(text)?.groups?.count);
  const nobodys = /^no stash for (?<id>.*)$/.exec(text)?.groups?.id;
  const { nara, mock } = bystander();
  const refusalOf = async (
    asked: Outcome<unknown> | Promise<Outcome<unknown>>,
  ): Promise<string> => {
    await mock.clock.advance(0);
    const outcome = await asked;
    return outcome.ok ? "done" : outcome.refusal;
  };

  if (unregistered !== undefined) {
    return refusalOf(createCourier(nara).storeWith({ name: "", id: unregistered }, nothing));
  }
  if (nobodys !== undefined)
    return refusalOf(
      createReturns(
        nara,
        createKeeper(() => 5),
      ).push(nobodys),
    );
  if (text.includes("ToID is empty")) {
    return refusalOf(createCourier(nara).storeWith({ name: "", id: "" }, nothing));
  }
  if (text.startsWith("failed to auto-select")) {
    return refusalOf(mineAmong(nara, number, willing).write("hello"));
  }
  if (text.startsWith("minimum")) {
    const mine = mineAmong(nara, number, willing);
    void mine.write("hello");
    await mock.clock.advance(1000);
    return refusalOf(mine.standing());
  }
  if (text === "no stash data to distribute")
    return refusalOf(mineAmong(nara, 3, willing).standing());
  if (text === "no confidants configured") return refusalOf(mineAmong(nara, 0, willing).ask());
  if (text === "no confidant had our stash") {
    expect(spoken.every((said) => said.endsWith("has no stash for us"))).toBe(true);
    return refusalOf(mineAmong(nara, spoken.length, forgetful).ask());
  }
  return spoken.at(-1) ?? "";
}

function bystander(): { nara: ServiceContext; mock: MockRuntime } {
  let nara: ServiceContext | undefined;
  const mock = createMockRuntime({
    services: [
      service("bystander", [stashStore, stashRequest, stashResponse], (context) => {
        nara = context;
        return {};
      }),
    ],
    crypto,
  });
  if (nara === undefined) throw new Error("no runtime");
  return { nara, mock };
}

const nothing = { nonce: new Uint8Array(24), ciphertext: utf8("sealed") };

const willing: Courier = {
  storeWith: async () => accept(undefined),
  requestFrom: async () => refuse("nobody asks"),
};
const forgetful: Courier = {
  storeWith: async () => refuse("nobody stores"),
  requestFrom: async ({ id }) => refuse(`confidant ${id} has no stash for us`),
};

const mineAmong = (nara: ServiceContext, friends: number, courier: Courier): Mine =>
  createMine({
    nara,
    vault: createVault(new Uint8Array(32), createSeededRandom(1)),
    courier,
    candidates: () =>
      Array.from(
        { length: friends },
        (_, at): Candidate => ({
          name: `friend-${at}`,
          id: `friend-${at}-id`,
          observation: { startTimeS: 1, lastRestartS: 1, restarts: 0 },
          memoryMode: "medium",
        }),
      ),
    onRecovered: () => {},
    onChange: () => {},
  });
