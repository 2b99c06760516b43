/** A whole nara whose address is called in bad faith, all at once and for long: what it keeps of it. */
import { expect, test } from "vitest";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import { bindSoul } from "../../src/nara/identity/soul.ts";
import { maxFrameBytes } from "../../src/nara/limits.ts";
import {
  nameHeader,
  signatureHeader,
  signRequest,
  timestampHeader,
} from "../../src/nara/mesh/auth.ts";
import type { MeshHandler, MeshTransport } from "../../src/nara/mesh/http.ts";
import { createNara } from "../../src/nara/nara.ts";
import { refuse } from "../../src/nara/outcome.ts";
import { createInMemoryPlaza } from "../../src/nara/testing/in-memory-plaza.ts";
import { personNamed } from "../../src/nara/testing/mesh-nara.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import { createVirtualClock } from "../../src/nara/testing/virtual-clock.ts";
import { realCrypto } from "../support/network.ts";
import { usedBytes } from "../support/used-bytes.ts";

const eve = personNamed("eve");
const perRound = 3000;

/** Asleep but for its mesh address, so that all it keeps is what callers made it keep. */
function besieged() {
  const clock = createVirtualClock();
  let answer: MeshHandler | undefined;
  const mesh: MeshTransport = {
    send: async () => refuse({ type: "unreachable", why: "nobody is there" }),
    serve(handler) {
      answer = handler;
      return () => {};
    },
    address: () => "100.64.0.1",
    trouble: () => "",
    onChange: () => () => {},
  };
  const nara = createNara({
    identity: createIdentity(bindSoul(new Uint8Array(32).fill(3), "alice"), "alice"),
    ports: {
      clock,
      mesh,
      crypto: realCrypto,
      plaza: createInMemoryPlaza({ clock }).plaza,
      random: createSeededRandom("alice"),
      log: () => {},
    },
  });
  nara.start();
  nara.runtime.keyring.pin("eve", eve.id, eve.publicKey);
  const post = async (path: string, body: Uint8Array, headers: ReadonlyMap<string, string>) => {
    if (answer === undefined) throw new Error("nobody answers");
    return (await answer({ method: "POST", target: path, headers, body })).status;
  };
  return { clock, nara, post };
}

test("floods of strangers, junk, stale words and large bodies leave nothing behind but counts", async () => {
  const { clock, nara, post } = besieged();
  await clock.settle();
  const large = new Uint8Array(maxFrameBytes).fill(0x20);
  const paths = ["/gossip/zine", "/dm", "/events/sync", "/mesh/message", "/world/relay"];

  const attack = async (round: number): Promise<void> => {
    const answers = new Set<string>();
    for (let at = 0; at < perRound; at++) {
      const path = paths[at % paths.length] ?? "";
      const nowMs = clock.nowNs() / 1_000_000n;
      const say = async (body: Uint8Array, headers: ReadonlyMap<string, string>) =>
        answers.add(`${path} ${await post(path, body, headers)}`);
      await say(utf8("{}"), claimed(`minted-${round}-${at}`.padEnd(500, "x"), nowMs));
      await say(large, claimed("eve", nowMs - 60_000n));
      if (at % 20 > 4) continue;
      const proof = signRequest(eve, clock.nowNs() + BigInt(at), { method: "POST", path });
      await say(utf8("{"), new Map(proof));
    }
    // A runtime message is answered alike whatever becomes of it.
    expect([...answers].filter((answer) => !/ 4\d\d$/.test(answer))).toEqual(["/mesh/message 200"]);
    await clock.advance(61_000);
  };

  await attack(0);
  const before = await usedBytes();
  await attack(1);
  await attack(2);
  expect((await usedBytes()) - before).toBeLessThan(2_000_000);
  expect(nara.runtime.drops.of("unknown_sender")).toBe(3 * perRound);
  expect(nara.runtime.drops.of("stale")).toBe(3 * perRound);
  expect(nara.runtime.mesh.peers.size).toBe(0);
  expect(nara.runtime.keyring.keyOf("minted-0-0".padEnd(500, "x"))).toBeUndefined();
});

/** A head that nobody signed: whoever is unknown or late is sent away before that matters. */
const claimed = (name: string, atMs: bigint): ReadonlyMap<string, string> =>
  new Map([
    [nameHeader, name],
    [timestampHeader, String(atMs)],
    [signatureHeader, "A".repeat(88)],
  ]);
