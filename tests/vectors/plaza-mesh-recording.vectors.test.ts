/**
 * The plaza of real naras that call each other too: postcards and checkpoints are announced there,
 * and addresses. What they asked each other meanwhile (mesh-recording.jsonl) is asked of a nara that
 * knows them from this plaza alone. How the rest of the plaza is heard: plaza-recording.vectors.test.ts.
 */
import { beforeAll, expect, test } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import { meshUrl } from "../../src/nara/mesh/address.ts";
import { verifyResponse } from "../../src/nara/mesh/auth.ts";
import type { MeshResponse } from "../../src/nara/mesh/http.ts";
import type { Nara } from "../../src/nara/nara.ts";
import type { Behaviour } from "../../src/nara/runtime/behaviour.ts";
import { finalCheckpoint, proposal, vote } from "../../src/nara/services/checkpoints/messages.ts";
import { journeyNotice } from "../../src/nara/services/postcards/notice.ts";
import { readSyncResponse } from "../../src/nara/sync/sync-response.ts";
import { readZine } from "../../src/nara/sync/zine.ts";
import { meshHeaders } from "../../src/nara/testing/mesh-nara.ts";
import { wordOf } from "../support/documented.ts";
import { createNetwork, type Network } from "../support/network.ts";
import type { Exchange } from "./exchanges.ts";
import {
  checkpointTopics,
  type Heard,
  journeyTopic,
  printedAgain,
  type Recorded,
  replay,
} from "./plaza-replay.ts";
import { coverSections, vectors } from "./support.ts";

const noble = createNobleCrypto();
const listenersAddress = "100.64.0.1";

coverSections("plaza-mesh-recording.jsonl", {
  lines(lines: readonly string[]) {
    const recording = lines.map((line) => JSON.parse(line) as Recorded);
    const of = (topic: string) => recording.filter((message) => message.topic === topic);
    let lived: Awaited<ReturnType<typeof replay>>;
    const heardOn = (...topics: readonly string[]): readonly Heard[] =>
      lived.heard.filter(({ topic }) => topics.includes(topic));

    beforeAll(async () => {
      lived = await replay(recording);
    });

    test("it has greetings, and postcards or checkpoints in it", () => {
      expect(of("nara/plaza/hey_there").length).toBeGreaterThan(0);
      const more = [journeyTopic, ...Object.values(checkpointTopics)].flatMap(of);
      expect(more.length).toBeGreaterThan(0);
    });

    test("proposals, votes, checkpoints and postcards are signed as the protocol's pages say", () => {
      for (const { ms, topic, word } of heardOn(journeyTopic, ...Object.values(checkpointTopics))) {
        expect({ ms, topic, holds: word.holds }).toEqual({ ms, topic, holds: true });
      }
    });

    test("proposals, votes, checkpoints and postcards, printed again, are what was sent", () => {
      const printed: Readonly<Record<string, (text: string) => string | false>> = {
        [checkpointTopics.propose]: printedBy(proposal),
        [checkpointTopics.vote]: printedBy(vote),
        [checkpointTopics.final]: printedBy(finalCheckpoint),
        [journeyTopic]: (text) => printedAgain(journeyNotice, text),
      };
      for (const [topic, print] of Object.entries(printed)) {
        for (const { payload } of of(topic)) expect(print(payload)).toBe(payload);
      }
    });

    test("checkpoints are remembered as proven, each following the one it names", () => {
      const { ledger } = lived.listener.runtime;
      for (const { payload, verdict } of heardOn(checkpointTopics.final)) {
        const { id, checkpoint } = JSON.parse(payload);
        expect(verdict).toBe("accepted");
        expect(ledger.standingOf(id)?.tier).toBe("proven");
        const previous = checkpoint.previous_checkpoint_id ?? "";
        expect(previous === "" || ledger.has(previous)).toBe(true);
      }
    });

    test("a proposal is voted on as those who were there did, over what the pages say", () => {
      const own = lived.said(checkpointTopics.vote, "the-listener");
      const taken = heardOn(checkpointTopics.propose).filter(
        ({ verdict }) => verdict === "accepted",
      );
      expect(own.length).toBe(taken.length);
      for (const [index, text] of own.entries()) {
        const asked = JSON.parse(taken[index]?.payload ?? "{}");
        const { publicKey } = lived.listener.runtime.me;
        const word = wordOf(
          checkpointTopics.vote,
          text,
          () => "",
          () => publicKey,
        );
        expect(word.holds).toBe(true);
        expect(JSON.parse(text)).toMatchObject({
          subject_id: asked.subject_id,
          as_of_time: asked.as_of_time,
          round: asked.round,
        });
      }
    });

    test("everybody is called where its greetings say", () => {
      const { peers } = lived.listener.runtime.mesh;
      const addresses = new Map<string, string>();
      for (const { payload } of heardOn("nara/plaza/hey_there")) {
        const { From, MeshIP } = JSON.parse(payload).hey_there;
        addresses.set(From, MeshIP);
      }
      expect([...addresses.values()].some((address) => address !== "")).toBe(true);
      for (const [name, address] of addresses) {
        if (address !== "") expect(peers.addressesOf(name)).toContain(address);
      }
    });

    const asked = exchangesDuring(recording);
    if (asked.length === 0) return test.todo("what was asked meanwhile: absent");
    test("what was asked meanwhile is answered by a nara that was only on the plaza", async () => {
      const answers = await askMeanwhile(recording, asked);
      const statusFor = statusRule(recording);
      for (const { exchange, status, isSigned } of answers) {
        const { at, path, status: then, response_headers: headers } = exchange;
        const expected = statusFor(exchange);
        const isAnswered = then === expected ? "X-Nara-Signature" in headers : expected === 200;
        expect({ at, path, status, isSigned }).toEqual({
          ...{ at, path, status: expected },
          isSigned: isAnswered,
        });
      }
      const lists = answers.filter(({ exchange, status }) => status === 200 && tells(exchange));
      expect(lists.length).toBeGreaterThan(0);
      for (const { exchange, text } of lists) {
        const { ok } = exchange.path === "/gossip/zine" ? readZine(text) : readSyncResponse(text);
        expect(ok).toBe(true);
      }
    });
  },
});

const tells = ({ path }: Exchange): boolean => path === "/gossip/zine" || path === "/events/sync";

/** To be carried on means asking others, and the owner's key imports: neither is asked here. */
function exchangesDuring(recording: readonly Recorded[]): readonly Exchange[] {
  const { lines = [] } = vectors<{ readonly lines?: readonly string[] }>("mesh-recording.jsonl");
  const [first, last] = [recording[0]?.at ?? 0, recording.at(-1)?.at ?? 0];
  return (
    lines
      .map((line) => JSON.parse(line) as Exchange)
      .filter(({ type, at }) => type === "exchange" && at >= first && at <= last)
      // The recorder leaves out bodies beyond a bound of its own.
      .filter(({ body }: Partial<Exchange>) => body !== undefined)
      .filter(({ path }) => path !== "/world/relay" && path !== "/peer/query")
  );
}

/**
 * As the one that was asked, but that all of them are this listener: it knows who greeted, and what
 * went to several of them at once comes to it several times.
 */
function statusRule(recording: readonly Recorded[]): (exchange: Exchange) => number {
  const greetedAt = new Map<string, number>();
  for (const { at, topic, payload } of recording) {
    if (topic !== "nara/plaza/hey_there") continue;
    const { From } = JSON.parse(payload).hey_there;
    if (!greetedAt.has(From)) greetedAt.set(From, at);
  }
  const used = new Set<string>();
  return ({ at, path, headers, body, status }) => {
    const { "X-Nara-Name": name = "", "X-Nara-Signature": signature } = headers;
    if (signature === undefined) return status;
    if ((greetedAt.get(name) ?? Number.POSITIVE_INFINITY) > at) return 401;
    if (path !== "/events/sync") {
      if (used.has(signature + body)) return 401;
      used.add(signature + body);
    }
    return status === 401 ? 200 : status;
  };
}

interface Answered {
  readonly exchange: Exchange;
  readonly status: number;
  readonly text: string;
  /** By the listener's key, over this body. */
  readonly isSigned: boolean;
}

async function askMeanwhile(
  recording: readonly Recorded[],
  asked: readonly Exchange[],
): Promise<readonly Answered[]> {
  const firstMs = recording[0]?.at ?? 0;
  const network = createNetwork({ startNs: BigInt(firstMs - 1000) * 1_000_000n });
  const listener = network.join("the-listener", { meshIp: listenersAddress });
  const answers: Answered[] = [];
  const all = [...recording, ...asked].sort((one, other) => one.at - other.at);
  for (const said of all) {
    await network.clock.advance(said.at - firstMs + 1000 - network.clock.monotonicMs());
    if ("topic" in said) {
      network.broker.inject(said.topic, utf8(said.payload), { retained: said.retain });
      await network.clock.advance(0);
      continue;
    }
    const answer = await ask(network, said);
    answers.push(await read(listener, said, answer));
  }
  expect(network.errors).toEqual([]);
  return answers;
}

async function ask(network: Network, exchange: Exchange): Promise<MeshResponse> {
  const { method, path, query, headers, body } = exchange;
  const target = query === "" ? path : `${path}?${query}`;
  const asking = network.mesh
    .join("100.64.0.99")
    .send(
      meshUrl(listenersAddress),
      { method, target, headers: meshHeaders(headers), body: utf8(body) },
      { deadlineMs: 5000, maxBodyBytes: 8_000_000 },
    );
  await network.clock.settle();
  const answer = await asking;
  if (!answer.ok) throw new Error(`${path}: ${answer.refusal.why}`);
  return answer.value;
}

async function read(nara: Nara, exchange: Exchange, answer: MeshResponse): Promise<Answered> {
  const keyOf = (name: string): string | undefined =>
    name === nara.name ? nara.runtime.me.publicKey : undefined;
  const verdict = await verifyResponse(answer, { keyOf, crypto: noble });
  return {
    exchange,
    status: answer.status,
    text: fromUtf8(answer.body),
    isSigned: verdict.ok,
  };
}

function printedBy<Payload>({ envelope }: Behaviour<Payload>): (text: string) => string | false {
  return (text) => {
    const decoded = envelope.decode(text, { topic: "", atNs: 0n });
    return decoded.ok && envelope.encode(decoded.value.message);
  };
}
