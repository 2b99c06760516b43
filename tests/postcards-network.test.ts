import { expect, test } from "vitest";
import { decodeBase64 } from "../src/nara/codec/base64.ts";
import { encodeGo } from "../src/nara/codec/go-types.ts";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import { meshUrl } from "../src/nara/mesh/address.ts";
import { signRequest } from "../src/nara/mesh/auth.ts";
import { type Postcard, postcard } from "../src/nara/mesh/postcard.ts";
import type { Nara } from "../src/nara/nara.ts";
import { chainFault, newPostcard, withHop } from "../src/nara/services/postcards/chain.ts";
import { noticeTopic, readNotice } from "../src/nara/services/postcards/notice.ts";
import type { PostcardsView } from "../src/nara/view.ts";
import { createNetwork, type Network, onlineStates, realCrypto } from "./support/network.ts";

const names = ["alice", "bob", "carol", "dave", "erin"];

async function village(...who: readonly string[]) {
  const network = createNetwork();
  const addresses = new Map(who.map((name, index) => [name, `100.64.0.${index + 1}`]));
  const naras = new Map(
    who.map((name) => [name, network.join(name, { meshIp: addresses.get(name) ?? "" })]),
  );
  await network.clock.advance(30_000);
  return {
    network,
    of: (name: string): Nara => naras.get(name) as Nara,
    addressOf: (name: string): string => addresses.get(name) ?? "",
  };
}

async function sent(network: Network, nara: Nara, message: string) {
  const sending = nara.sendPostcard(message);
  await network.clock.advance(60_000);
  return sending;
}

/** What a nara says of journeys itself, as `reason of whom`. */
const journeysIn = (nara: Nara): readonly string[] =>
  nara.runtime.ledger
    .byService("social")
    .flatMap(({ svc, payload }) =>
      svc === "social" && payload.actor === nara.name && payload.reason.startsWith("journey-")
        ? [`${payload.actor}: ${payload.reason} of ${payload.target}`]
        : [],
    )
    .sort();

const keyPairOf = (name: string) => {
  const seed = new Uint8Array(32).fill(0x2e);
  seed.set(utf8(`${name} of the seed`).subarray(0, 32));
  return realCrypto.keyPair(createIdentity(bindSoul(seed, name), name).soul.seed);
};

/** One nara brings another a postcard over the mesh, whatever its own rules say. */
async function bring(
  { network, addressOf }: Awaited<ReturnType<typeof village>>,
  bringer: string,
  to: string,
  card: Postcard,
  waitMs = 20_000,
) {
  const request = { method: "POST", path: "/world/relay" };
  const keyPair = keyPairOf(bringer);
  const headers = signRequest({ name: bringer, keyPair }, network.clock.nowNs(), request);
  const transport = network.mesh.join("100.64.9.9");
  const bringing = transport.send(
    meshUrl(addressOf(to)),
    {
      method: "POST",
      target: request.path,
      headers: new Map(headers),
      body: utf8(encodeGo(postcard, card)),
    },
    { deadlineMs: 15_000, maxBodyBytes: 10_000 },
  );
  await network.clock.advance(waitMs);
  const answer = await bringing;
  if (!answer.ok) throw new Error(answer.refusal.why);
  return { status: answer.value.status, text: fromUtf8(answer.value.body).trim() };
}

test("a postcard goes round four naras and comes home, every hop signed and stamped", async () => {
  const { network, of } = await village(...names);
  expect(await sent(network, of("alice"), "  greetings from the hill  ")).toMatchObject({
    ok: true,
  });

  const { home, underWay } = of("alice").view().postcards;
  expect(underWay).toEqual([]);
  expect(home).toMatchObject([{ message: "greetings from the hill" }]);
  const [card] = home;
  expect(card?.hops.map(({ nara }) => nara).sort()).toEqual(names);
  expect(card?.hops.at(-1)?.nara).toBe("alice");
  expect(card?.hops.map(({ stamp }) => stamp)).toEqual(["🌟", "🎉", "🚀", "💫", "✨"]);
  expect(card?.homeAtMs).toBeGreaterThanOrEqual(card?.sentAtMs ?? 0);

  const told = network.broker.traffic.find(({ topic }) => topic === noticeTopic);
  const notice = readNotice(fromUtf8(told?.payload ?? new Uint8Array()), "");
  if (notice === undefined) throw new Error("the plaza heard nothing of it");
  const { journey_id: id, message, originator, hops } = notice;
  const carried = { id, message, originator, hops };
  const keyOf = (name: string) => decodeBase64(of(name).runtime.me.publicKey);
  expect(await chainFault(carried, keyOf, realCrypto.verify)).toBeUndefined();
  expect(await chainFault({ ...carried, message: "x" }, keyOf, realCrypto.verify)).toBeDefined();
  expect(network.errors).toEqual([]);
});

test("whoever watches is told of a postcard under way and at home", async () => {
  const { network, of } = await village("alice", "bob");
  const told: PostcardsView[] = [];
  of("alice").watch(({ postcards }) => {
    if (postcards !== undefined) told.push(postcards);
  });
  network.mesh.cut("100.64.0.1");
  const sending = of("alice").sendPostcard("hello");
  await network.clock.advance(10_000);
  expect((await sending).ok).toBe(false);
  network.mesh.restore("100.64.0.1");
  await sent(network, of("alice"), "hello again");
  expect(told.at(-1)).toEqual(of("alice").view().postcards);
  expect(told.at(-1)?.home).toMatchObject([{ message: "hello again" }]);
});

test("everybody on the way remembers the journey, and that it ended", async () => {
  const { network, of } = await village("alice", "dave", "heidi");
  await sent(network, of("alice"), "hello");
  expect(journeysIn(of("alice"))).toEqual(["alice: journey-complete of alice"]);
  for (const name of ["dave", "heidi"]) {
    expect(journeysIn(of(name))).toEqual([
      `${name}: journey-complete of alice`,
      `${name}: journey-pass of alice`,
    ]);
    expect(of(name).view().postcards.carried).toBe(1);
  }
});

test("a nara that is away is passed over, and the postcard still comes home", async () => {
  const { network, of, addressOf } = await village(...names);
  network.mesh.cut(addressOf("carol"));
  expect(onlineStates(of("alice")).carol).toBe("ONLINE");
  expect((await sent(network, of("alice"), "hello")).ok).toBe(true);
  const hops = of("alice")
    .view()
    .postcards.home.at(0)
    ?.hops.map(({ nara }) => nara);
  expect(hops?.toSorted()).toEqual(["alice", "bob", "dave", "erin"]);
});

test("a forged hop is refused, whoever brings it, and nothing is remembered of it", async () => {
  const place = await village("alice", "bob", "carol");
  const card = newPostcard("alice", "hello", 1n);
  const byBob = withHop(card, "bob", keyPairOf("bob"), 1n);
  const forged = { ...byBob, message: "send gold" };
  expect(await bring(place, "bob", "carol", forged)).toEqual({
    status: 400,
    text: "chain verification failed: invalid signature from bob at hop 0",
  });
  expect(await bring(place, "alice", "carol", byBob)).toEqual({
    status: 400,
    text: "not alice's to bring",
  });
  expect(journeysIn(place.of("carol"))).toEqual([]);
  expect(place.of("alice").view().postcards.home).toEqual([]);
});

test("who brings postcards by the dozen is asked to wait, and nobody else is", async () => {
  const place = await village("alice", "bob", "carol");
  const { network } = place;
  for (const name of ["alice", "carol"]) network.mesh.cut(place.addressOf(name));
  const answers: string[] = [];
  for (let n = 1n; n <= 31n; n++) {
    answers.push((await bring(place, "alice", "bob", newPostcard("alice", "hello", n), 1)).text);
  }
  expect(answers.slice(0, 30).every((text) => text.startsWith("failed to forward"))).toBe(true);
  expect(answers.at(-1)).toBe("too many postcards at once");
  const byCarol = await bring(place, "carol", "bob", newPostcard("carol", "hello", 1n), 1);
  expect(byCarol.text).toMatch(/^failed to forward/);
});

test("a postcard that gets stuck is given up after five minutes, by all who had it", async () => {
  const place = await village("alice", "dave", "carol");
  const { network, of } = place;
  const stranger = newPostcard("zed", "hello", 1n);
  network.mesh.cut(place.addressOf("alice"));
  const card = withHop(stranger, "carol", keyPairOf("carol"), 1n);
  expect(await bring(place, "carol", "dave", card)).toMatchObject({ status: 400 });
  expect(journeysIn(of("dave"))).toEqual(["dave: journey-pass of zed"]);
  await network.clock.advance(270_000);
  expect(journeysIn(of("dave"))).toEqual(["dave: journey-pass of zed"]);
  await network.clock.advance(60_000);
  expect(journeysIn(of("dave"))).toEqual([
    "dave: journey-pass of zed",
    "dave: journey-timeout of zed",
  ]);
});

test("a postcard whose first carrier falls silent is under way, then lost", async () => {
  const { network, of } = await village("alice", "bob");
  // Somebody answers in bob's place, who took it but cannot bring it home.
  network.mesh.tamper((response) => ({ ...response, status: 200, headers: new Map() }));
  network.mesh.cut("100.64.0.1");
  expect(await sent(network, of("alice"), "hello")).toMatchObject({ ok: true });
  expect(of("alice").view().postcards.underWay).toMatchObject([
    { message: "hello", takenBy: "", isLost: false },
  ]);
  await network.clock.advance(300_000);
  expect(of("alice").view().postcards).toMatchObject({
    underWay: [{ message: "hello", isLost: true }],
    home: [],
  });
});

test("what cannot travel is refused in words, and nothing is under way", async () => {
  const { network, of } = await village("alice");
  const alone = of("alice");
  const ask = (message: string) => alone.sendPostcard(message);
  expect(await ask("  ")).toEqual({
    ok: false,
    refusal: "An empty postcard tells nobody anything.",
  });
  expect(await ask("💌".repeat(281))).toEqual({
    ok: false,
    refusal: "A postcard holds 280 characters; this is 1 too many.",
  });
  expect(await ask("hello?")).toEqual({
    ok: false,
    refusal: "no naras available to start journey",
  });
  const bob = network.join("bob");
  await network.clock.advance(30_000);
  expect((await bob.sendPostcard("hello")).ok).toBe(false);
  for (const nara of [alone, bob]) expect(nara.view().postcards.underWay).toEqual([]);
});

test("news that a postcard is home counts only with its originator's own stamp", async () => {
  const place = await village("alice", "dave", "carol");
  const { network, of } = place;
  for (const name of ["alice", "carol"]) network.mesh.cut(place.addressOf(name));
  const card = newPostcard("alice", "hello", 1n);
  await bring(place, "alice", "dave", card);
  const onceCarried = withHop(card, "dave", keyPairOf("dave"), 1n);
  const shout = async (signer: string) => {
    const { hops } = withHop(onceCarried, "alice", keyPairOf(signer), 2n);
    const said = {
      ...{ journey_id: card.id, originator: "alice", reported_by: "alice", message: card.message },
      hops: hops?.map((hop) => ({ ...hop, timestamp: Number(hop.timestamp) })),
    };
    network.broker.inject(noticeTopic, utf8(JSON.stringify(said)));
    await network.clock.advance(5000);
  };
  await shout("carol");
  expect(journeysIn(of("dave"))).toEqual(["dave: journey-pass of alice"]);
  await shout("alice");
  expect(journeysIn(of("dave"))).toEqual([
    "dave: journey-complete of alice",
    "dave: journey-pass of alice",
  ]);
});
