/** HTTP between naras against the reference: signatures, verdicts, and what every endpoint answers. */
import { expect } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import {
  decodeSyncEvent,
  eventId,
  newSyncEvent,
  type SyncEvent,
  signedDigest,
} from "../../src/nara/events/sync-event.ts";
import { meshUrl } from "../../src/nara/mesh/address.ts";
import {
  requestText,
  responseText,
  signRequest,
  signResponse,
  verifyRequest,
  verifyResponse,
} from "../../src/nara/mesh/auth.ts";
import { parseTarget, queryValue } from "../../src/nara/mesh/target.ts";
import type { Coordinates } from "../../src/nara/services/presence/status.ts";
import {
  createMeshNara,
  headersOf,
  meshHeaders,
  textOf,
} from "../../src/nara/testing/mesh-nara.ts";
import { jsonOf, stoppedAt } from "./exchanges.ts";
import { holds, keyPairOf, publicKeyOf, type Signer } from "./signers.ts";
import { coverSections, testCases, vectors } from "./support.ts";

interface Headers {
  readonly [name: string]: string;
}

interface RequestCase {
  readonly from: string;
  readonly headers: Headers;
  readonly method: string;
  readonly path: string;
  readonly signs: string;
  readonly timestamp: string;
}

interface ResponseCase {
  readonly from: string;
  readonly bodyBase64: string;
  readonly headers: Headers;
  readonly signs: string;
}

interface VerifyCase {
  readonly error: string | null;
  readonly verified: string;
  readonly headers: Headers;
}

interface VerifyRequestCase extends VerifyCase {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly nowMs: string;
}

interface VerifyResponseCase extends VerifyCase {
  readonly bodyBase64: string;
}

interface HandlerCase {
  readonly name: string;
  readonly me: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly status: number;
  readonly responseHeaders: Headers;
  readonly responseBody: string;
  /** In the ledger afterwards. */
  readonly events?: number;
}

const shared = vectors<{
  readonly people?: readonly Signer[];
  readonly handlers?: readonly HandlerCase[];
}>("mesh.json");
const people = new Map((shared.people ?? []).map((person) => [person.name, person]));
const noble = createNobleCrypto();

coverSections("mesh.json", {
  meshURL: (cases: readonly { readonly ip: string; readonly url: string }[]) =>
    testCases(cases, ({ ip, url }) => expect(meshUrl(ip)).toBe(url)),
  requests: (cases: readonly RequestCase[]) => testCases(cases, checkRequest),
  responses: (cases: readonly ResponseCase[]) => testCases(cases, checkResponse),
  verifyRequest: (cases: readonly VerifyRequestCase[]) => testCases(cases, checkVerifyRequest),
  verifyResponse: (cases: readonly VerifyResponseCase[]) => testCases(cases, checkVerifyResponse),
  handlers: (cases: readonly HandlerCase[]) => testCases(cases, checkHandler),
});

function checkRequest({ from, headers, method, path, signs, timestamp }: RequestCase): void {
  const author = { name: from, keyPair: keyPairOf(personOf(from)) };
  expect(requestText(from, BigInt(timestamp), method, path)).toBe(signs);
  const nowNs = BigInt(timestamp) * 1_000_000n;
  expect(new Map(signRequest(author, nowNs, { method, path }))).toEqual(meshHeaders(headers));
}

function checkResponse({ from, bodyBase64, headers, signs }: ResponseCase): void {
  const author = { name: from, keyPair: keyPairOf(personOf(from)) };
  const body = Buffer.from(bodyBase64, "base64");
  const atMs = BigInt(headers["X-Nara-Timestamp"] ?? "");
  expect(responseText(from, atMs, body)).toBe(signs);
  const signed = signResponse(author, atMs * 1_000_000n, body);
  expect(new Map(signed)).toEqual(meshHeaders(headers));
}

/** "keys are looked up by name among 'people' except 'stranger'", says the file. */
const auth = {
  crypto: noble,
  keyOf: (name: string) => (name === "stranger" ? undefined : people.get(name)?.publicKey),
};

async function checkVerifyRequest(row: VerifyRequestCase): Promise<void> {
  const path = parseTarget(row.url)?.path ?? "";
  expect(path).toBe(row.path);
  const request = { headers: meshHeaders(row.headers), method: row.method, path };
  const verdict = await verifyRequest(request, BigInt(row.nowMs) * 1_000_000n, auth);
  expect(verdict.ok ? verdict.value.name : verdict.refusal.text).toBe(row.error ?? row.verified);
  expect(verdict.ok).toBe(row.error === null);
}

async function checkVerifyResponse(row: VerifyResponseCase): Promise<void> {
  const body = Buffer.from(row.bodyBase64, "base64");
  const verdict = await verifyResponse({ headers: meshHeaders(row.headers), body }, auth);
  expect(verdict.ok ? verdict.value.name : verdict.refusal.text).toBe(row.error ?? row.verified);
  expect(verdict.ok).toBe(row.error === null);
}

async function checkHandler(row: HandlerCase): Promise<void> {
  const nara = naraOf(row);
  const answer = await nara.ask({
    method: row.method,
    target: row.url,
    headers: meshHeaders(row.headers),
    body: utf8(row.body),
  });
  const ours = stricter(row);
  expect(textOf(answer)).toBe(ours?.body ?? row.responseBody);
  expect(answer.status).toBe(ours?.status ?? row.status);
  if (ours === undefined) {
    expect(headersOf(answer)).toEqual(Object.fromEntries(meshHeaders(row.responseHeaders)));
    if (row.events !== undefined) expect(nara.ledger.count()).toBe(row.events);
  } else {
    expect(nara.ledger.count()).toBe(ours.events);
  }
}

/** "a fresh nara 'me' who knows alice and carol", says the file; what more it knows shows in the answer. */
function naraOf(row: HandlerCase): ReturnType<typeof createMeshNara> {
  const said = jsonOf(row.responseBody);
  const target = queryValue(row.url.split("?")[1] ?? "", "target");
  const neighbours = [
    { name: "alice", meshIp: "100.64.0.2", isOnline: true },
    { name: "carol", meshIp: "", isOnline: false },
    { name: "keyless", meshIp: "", isOnline: false },
  ];
  const isMore = row.status === 200 && !neighbours.some(({ name }) => name === target);
  if (target !== "" && isMore) {
    neighbours.push({ name: target, meshIp: String(said.mesh_ip ?? ""), isOnline: false });
  }
  const nara = createMeshNara({
    me: personOf(row.me),
    keyPair: keyPairOf(personOf(row.me)),
    clock: stoppedAt(nowNs()),
    known: neighbours.flatMap(({ name }) => people.get(name) ?? []),
    neighbours,
    meshIp: String(said.mesh_ip ?? ""),
    coordinates: (said.coordinates ?? undefined) as Coordinates | undefined,
    more: row.name.includes("with a runtime") ? { hear: async () => {} } : {},
  });
  if (Number(said.total) > 0) {
    for (const event of checkpointsOf(Number(said.total))) {
      expect(nara.ledger.add(event).ok).toBe(true);
    }
  }
  return nara;
}

interface Stricter {
  readonly status: number;
  readonly body: string;
  readonly events: number;
}

/** docs/differences.md, "HTTP between naras": what we refuse that the reference takes. */
function stricter(row: HandlerCase): Stricter | undefined {
  if (row.status !== 200 || row.method !== "POST") return undefined;
  const asked = jsonOf(row.body);
  const sender = row.headers["X-Nara-Name"];
  const claimed = row.url === "/dm" ? asked.emitter : asked.from;
  if (["/events/sync", "/gossip/zine", "/dm"].includes(row.url) && claimed !== sender) {
    return { status: 403, body: "from is not the sender\n", events: 0 };
  }
  if (row.url === "/gossip/zine" && !isWithin(Number(asked.created_at), 300, 60)) {
    return { status: 403, body: "Zine is not of now\n", events: 0 };
  }
  if (row.url === "/dm" && !isWithin(Number(asked.ts) / 1e9, Number.POSITIVE_INFINITY, 60)) {
    return { status: 200, body: `{"from":"${row.me}","success":false}\n`, events: 0 };
  }
  return row.url === "/api/events/import" ? importedByRule(asked) : undefined;
}

/** Not longer ago than that, nor further ahead. */
function isWithin(atS: number, agoS: number, aheadS: number): boolean {
  const ageS = Number(nowNs()) / 1e9 - atS;
  return ageS <= agoS && ageS >= -aheadS;
}

/** Restored events pass the gate like all others: what it refuses is a warning, not a memory. */
function importedByRule({ events }: { readonly events?: unknown }): Stricter | undefined {
  if (!Array.isArray(events)) return undefined;
  const believed = events.flatMap((sent) => {
    const event = eventOf(sent);
    return event !== undefined && isBelievable(event) ? [event.id] : [];
  });
  const imported = new Set(believed).size;
  const warnings = events.length - believed.length;
  if (warnings === 0) return undefined;
  const counts = `"imported":${imported},"duplicates":${believed.length - imported}`;
  const body = `{"success":true,${counts},"warnings":${warnings}}\n`;
  return { status: 200, body, events: imported };
}

/** Its id is its content's, and somebody signed it who is known, or it is an observation. */
function isBelievable(event: SyncEvent): boolean {
  if (eventId(event) !== event.id) return false;
  if (event.emitter === "" || event.sig === "") return event.svc === "observation";
  const publicKey = publicKeyOf(people.get(event.emitter));
  const signature = Buffer.from(event.sig, "base64");
  return holds({ publicKey, message: signedDigest(event), signature });
}

function eventOf(sent: unknown): SyncEvent | undefined {
  const decoded = decodeSyncEvent(JSON.stringify(sent).replace(/"ts":"(\d+)"/, '"ts":$1'));
  return decoded.ok ? decoded.value : undefined;
}

/** All cases share one clock, which signed them. */
function nowNs(): bigint {
  const [signed] = (shared.handlers ?? []).flatMap((row) => row.headers["X-Nara-Timestamp"] ?? []);
  return BigInt(signed ?? "0") * 1_000_000n;
}

/** What the reference had, pieced together from its pages; what no page tells may be anything. */
function checkpointsOf(total: number): readonly SyncEvent[] {
  const events = Array.from({ length: total }, (_, index) => untold(index));
  for (const { responseBody } of shared.handlers ?? []) {
    const page = jsonOf(responseBody);
    if (Number(page.total) !== total || !Array.isArray(page.checkpoints)) continue;
    for (const [index, sent] of page.checkpoints.entries()) {
      const event = eventOf(sent);
      if (event !== undefined) events[Number(page.offset) + index] = event;
    }
  }
  return events;
}

const untold = (index: number): SyncEvent =>
  newSyncEvent("checkpoint", nowNs() + BigInt(index), {
    subject: `untold-${index}`,
    as_of_time: 1n,
  });

function personOf(name: string): Signer {
  const person = people.get(name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person;
}
