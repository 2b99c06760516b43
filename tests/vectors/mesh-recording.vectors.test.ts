/**
 * Real HTTP between the reference's programs: every signature must hold for us, and a nara of ours in
 * the place of the one that was asked must answer alike. What that nara knew at the time shows in
 * its answer, and is put into ours beforehand; what chance decides is compared by its rules.
 */
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { decodeSyncEvent, type SyncEvent } from "../../src/nara/events/sync-event.ts";
import { personalityOf } from "../../src/nara/identity/personality.ts";
import { meshUrl } from "../../src/nara/mesh/address.ts";
import { isFresh, verifyRequest, verifyResponse } from "../../src/nara/mesh/auth.ts";
import type { MeshResponse } from "../../src/nara/mesh/http.ts";
import { queryValue } from "../../src/nara/mesh/target.ts";
import { accept, refuse } from "../../src/nara/outcome.ts";
import type { Coordinates } from "../../src/nara/services/presence/status.ts";
import { isToTaste } from "../../src/nara/services/social/filters.ts";
import { readSyncResponse, syncResponseClaim } from "../../src/nara/sync/sync-response.ts";
import { readZine, zineClaim } from "../../src/nara/sync/zine.ts";
import {
  createMeshNara,
  headersOf,
  type MeshNara,
  meshHeaders,
  textOf,
} from "../../src/nara/testing/mesh-nara.ts";
import { type Exchange, jsonOf, stoppedAt } from "./exchanges.ts";
import { holds, keyPairOf, publicKeyOf, type Signer } from "./signers.ts";
import { coverSections } from "./support.ts";

interface CastLine {
  readonly type: "cast";
  readonly naras: readonly {
    readonly name: string;
    readonly id: string;
    readonly public_key: string;
    readonly soul: string;
    readonly mesh_ip: string;
  }[];
}

interface Member extends Signer {
  readonly meshIp: string;
}

const noble = createNobleCrypto();

coverSections("mesh-recording.jsonl", {
  lines(lines: readonly string[]) {
    const parsed = lines.map((line) => JSON.parse(line) as CastLine | Exchange);
    const cast = parsed.flatMap((line) => (line.type === "cast" ? membersOf(line) : []));
    const exchanges = parsed.filter((line) => line.type === "exchange").filter(isWhole);
    const keyOf = (name: string) => cast.find((member) => member.name === name)?.publicKey;

    test("everybody's address leads somewhere", () => {
      expect(cast.length).toBeGreaterThan(0);
      for (const { meshIp } of cast) expect(URL.canParse(meshUrl(meshIp)), meshIp).toBe(true);
    });

    for (const [index, exchange] of exchanges.entries()) {
      const { at, server, method, path, query, status } = exchange;
      const name = `${index} ${server} ${method} ${path}${query && `?${query}`} ${status}`;

      test(`${name}: signed as we verify it`, async () => {
        const headers = meshHeaders(exchange.headers);
        if (headers.has("x-nara-signature")) {
          const asked = { headers, method, path };
          const verdict = await verifyRequest(asked, BigInt(at) * 1_000_000n, {
            keyOf,
            crypto: noble,
          });
          expect(verdict).toMatchObject({ ok: true, value: { name: headers.get("x-nara-name") } });
        }
        const answered = meshHeaders(exchange.response_headers);
        if (!answered.has("x-nara-signature")) return;
        const body = utf8(exchange.response_body);
        const verdict = await verifyResponse({ headers: answered, body }, { keyOf, crypto: noble });
        expect(verdict).toMatchObject({ ok: true, value: { name: server } });
        expect(verdict.ok && isFresh(verdict.value, BigInt(at) * 1_000_000n)).toBe(true);
        expectSignedList(exchange, publicKeyOf(memberOf(cast, server)));
      });

      test(`${name}: answered alike`, async () => {
        const nara = inPlaceOf(exchange, cast);
        const answer = await nara.ask({
          method,
          target: query === "" ? path : `${path}?${query}`,
          headers: meshHeaders(exchange.headers),
          body: utf8(exchange.body),
        });
        expect(answer.status).toBe(status);
        compare(exchange, answer, cast);
      });
    }
  },
});

/** The recorder leaves out bodies beyond a bound of its own. */
const isWhole = ({ body, response_body: answer }: Partial<Exchange>): boolean =>
  body !== undefined && answer !== undefined;

/** What a list of events as a whole must be signed with. */
function expectSignedList({ path, status, response_body: body }: Exchange, key: Uint8Array): void {
  if (status !== 200) return;
  if (path === "/events/sync") {
    const read = readSyncResponse(body);
    expect(read.ok && holds(syncResponseClaim(read.value, key))).toBe(true);
  }
  if (path === "/gossip/zine") {
    const read = readZine(body);
    expect(read.ok && holds(zineClaim(read.value, key))).toBe(true);
  }
}

function inPlaceOf(exchange: Exchange, cast: readonly Member[]): MeshNara {
  const { server, path, status, response_body: said } = exchange;
  const me = memberOf(cast, server);
  const isStranger = said.startsWith("Authentication failed: unknown sender");
  const sender = exchange.headers["X-Nara-Name"];
  const read = jsonOf(said);
  const personality = personalityOf(me.soul);
  const nara = createMeshNara({
    me,
    keyPair: keyPairOf(me),
    clock: stoppedAt(answeredAtNs(exchange)),
    known: cast.filter(({ name }) => !(isStranger && name === sender)),
    neighbours: cast
      .filter(({ name }) => name !== server)
      .map(({ name, meshIp }) => ({ name, meshIp, isOnline: true })),
    meshIp: me.meshIp,
    coordinates: (read.coordinates ?? undefined) as Coordinates | undefined,
    personality,
    more: {
      hear: async () => {},
      // Whether the postcard may travel is no question of HTTP.
      carry: async () => (status === 200 ? accept(undefined) : refuse(said.trimEnd())),
    },
  });
  for (const event of [...eventsIn(read.events), ...eventsIn(read.checkpoints)]) {
    nara.ledger.add(event);
  }
  if (path === "/dm" && said.includes('"success":false')) {
    // It was not to its taste, or no news.
    for (const event of eventsIn([jsonOf(exchange.body)])) {
      if (isToTaste(personality, event)) nara.ledger.add(event);
    }
  }
  return nara;
}

function compare(exchange: Exchange, answer: MeshResponse, cast: readonly Member[]): void {
  const { path, query, status, server } = exchange;
  const theirs = Object.fromEntries(meshHeaders(exchange.response_headers));
  if (path === "/peer/query" && status === 307) {
    // Any neighbour that was not asked will do.
    const asked = queryValue(query, "asked").split(",");
    const next = answer.headers.get("x-nara-redirect-to") ?? "";
    expect(cast.map(({ name }) => name)).toContain(next);
    expect([...asked, server]).not.toContain(next);
    return;
  }
  if (isSelection(exchange)) {
    expect(jsonOf(textOf(answer)).from).toBe(server);
    expect(Object.keys(headersOf(answer)).sort()).toEqual(Object.keys(theirs).sort());
    if (path === "/gossip/zine")
      expect(idsIn(textOf(answer))).toEqual(idsIn(exchange.response_body));
    return;
  }
  expect(textOf(answer)).toBe(exchange.response_body);
  expect(headersOf(answer)).toEqual(theirs);
}

/** A zine has no order; of a slice only every n-th event is told, which leaves the others unknown. */
function isSelection({ path, status, body }: Exchange): boolean {
  if (status !== 200) return false;
  return (
    path === "/gossip/zine" || (path === "/events/sync" && Number(jsonOf(body).slice_total) > 1)
  );
}

const idsIn = (text: string): readonly string[] =>
  eventsIn(jsonOf(text).events)
    .map(({ id }) => id)
    .sort();

/** When the server printed its answer, as the answer tells. */
function answeredAtNs({ at, response_headers: headers, response_body: said }: Exchange): bigint {
  const pinged = /"t":(\d+)/.exec(said)?.[1];
  if (pinged !== undefined) return BigInt(pinged);
  return BigInt(headers["X-Nara-Timestamp"] ?? at) * 1_000_000n;
}

function eventsIn(list: unknown): readonly SyncEvent[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((sent) => {
    const decoded = decodeSyncEvent(JSON.stringify(sent).replace(/"ts":"(\d+)"/, '"ts":$1'));
    return decoded.ok ? [decoded.value] : [];
  });
}

const membersOf = ({ naras }: CastLine): readonly Member[] =>
  naras.map(({ public_key: publicKey, mesh_ip: meshIp, ...rest }) => ({
    ...rest,
    publicKey,
    meshIp,
  }));

function memberOf(cast: readonly Member[], name: string): Member {
  const member = cast.find((one) => one.name === name);
  if (member === undefined) throw new Error(`nobody in the cast is called ${name}`);
  return member;
}
