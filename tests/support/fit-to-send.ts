/**
 * What the reference expects of everything on the plaza, checked on JSON by the engine alone.
 * (docs/protocol/presence-and-life.md §1, Traps; docs/protocol/identity.md, Traps; design "What we accept" 9)
 */
import { maxFrameBytes } from "../../src/nara/limits.ts";

export interface Said {
  readonly from: string;
  readonly topic: string;
  readonly payload: Uint8Array;
}

type Fields = { readonly [key: string]: unknown };

/** What is wrong with a message that a nara published; none when a reference peer can live with it. */
export function faultsOf({ from, topic, payload }: Said): readonly string[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
  const message: Fields = JSON.parse(text);
  const faults = kindFaults(topic, message, from);
  if (payload.length > maxFrameBytes) faults.push(`${payload.length} bytes are too many`);
  // A number with a fraction may only stand where the reference reads a float64.
  for (const [, key, number] of text.matchAll(/"([^"\\]*)":(-?\d[\d.eE+-]*)/g)) {
    if (!/^-?\d+$/.test(number ?? "") && !floats.has(key ?? "")) {
      faults.push(`${key} is ${number}, which is no integer`);
    }
    if (!Number.isFinite(Number(number))) faults.push(`${key} is not finite`);
  }
  return faults;
}

const floats = new Set([
  ...["LoadAvg", "ProcCPUPercent", "x", "y", "height", "error"],
  ...["last_ping_rtt", "avg_ping_rtt", "rtt"],
]);

const services: ReadonlyMap<string, readonly [svc: string, payload: string]> = new Map([
  ["nara/plaza/hey_there", ["hey-there", "hey_there"]],
  ["nara/plaza/chau", ["chau", "chau"]],
  ["nara/plaza/social", ["social", "social"]],
]);

function kindFaults(topic: string, message: Fields, from: string): string[] {
  const faults: string[] = [];
  const mustBe = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  const service = services.get(topic);
  if (service !== undefined) {
    const [svc, payloadKey] = service;
    mustBe(/^[0-9a-f]{32}$/.test(String(message.id)), `id ${message.id}`);
    mustBe(message.svc === svc, `svc ${message.svc} on ${topic}`);
    mustBe(isObject(message[payloadKey]), `no ${payloadKey}`);
    mustBe(message.emitter === from, `emitter ${message.emitter}`);
    mustBe(isSignature(message.sig), "unsigned");
  } else if (topic === "nara/plaza/howdy") {
    const { Neighbors: neighbours, Me: me, You: you, Seq: seq } = message;
    mustBe(message.From === from && typeof message.To === "string", "From or To");
    mustBe(Number.isInteger(seq) && Number(seq) >= 1 && Number(seq) <= 10, `Seq ${seq}`);
    mustBe(isObject(you) && isObject(me), "You or Me is missing");
    mustBe(
      neighbours === null || (Array.isArray(neighbours) && neighbours.length <= 10),
      "Neighbors",
    );
    mustBe(isObject((me as Fields)?.Observations), "Observations is no object");
    mustBe(isSignature(message.Signature), "unsigned");
    faults.push(...statusFaults(me));
  } else if (topic === `nara/newspaper/${from}`) {
    mustBe(message.From === from, `From ${message.From}`);
    mustBe(isSignature(message.Signature), "unsigned");
    mustBe((message.Status as Fields)?.Observations === null, "Observations in a newspaper");
    faults.push(...statusFaults(message.Status));
  } else if (/^nara\/ledger\/[^/]+\/request$/.test(topic)) {
    const { From, Subjects } = message;
    mustBe(From === from, `From ${From}`);
    mustBe(Array.isArray(Subjects) && Subjects.length > 0, "Subjects");
    mustBe(
      [Subjects].flat().every((name) => typeof name === "string" && name !== ""),
      "a subject",
    );
  } else if (/^nara\/ledger\/[^/]+\/response$/.test(topic)) {
    const { From, Events } = message;
    mustBe(From === from, `From ${From}`);
    mustBe(Events === null || (Array.isArray(Events) && Events.length > 0), "Events");
    mustBe([Events ?? []].flat().every(isLegacyEvent), "an event");
  } else if (topic === "nara/checkpoint/propose" || topic === "nara/checkpoint/vote") {
    mustBe(message.attester === from && message.version === 2, "attester or version");
    mustBe(message.round === 1 || message.round === 2, `round ${message.round}`);
    mustBe(isObject(message.observation), "no observation");
    mustBe(isSignature(message.signature), "unsigned");
    if (topic.endsWith("propose")) mustBe(message.subject === from, "proposed for another");
    else mustBe(message.proposal_ts === message.as_of_time, "proposal_ts");
  } else if (topic === "nara/checkpoint/final") {
    const { id, svc, checkpoint, emitter, sig } = message;
    mustBe(/^[0-9a-f]{32}$/.test(String(id)) && svc === "checkpoint", `id ${id}`);
    mustBe(emitter === undefined && sig === undefined, "signed as a whole");
    const { subject, voter_ids, signatures } = isObject(checkpoint) ? checkpoint : {};
    mustBe(subject === from, `about ${subject}`);
    const count = [voter_ids ?? []].flat().length;
    mustBe(count >= 5 && count <= 10, `${count} voters`);
    mustBe(count === [signatures ?? []].flat().filter(isSignature).length, "signatures");
  } else if (topic === "nara/plaza/stash_refresh") {
    const { id, kind, version, timestamp, payload, signature } = message;
    mustBe(kind === "stash-refresh" && version === 1, `${kind}, version ${version}`);
    mustBe(String(id).length === 16 && message.from === from, `id ${id}`);
    mustBe(/^\d{4}-[\dT:-]+(\.\d*[1-9])?Z$/.test(String(timestamp)), `timestamp ${timestamp}`);
    mustBe(isObject(payload) && payload.owner_id === message.from_id, "owner_id");
    mustBe(isSignature(signature), "unsigned");
  } else {
    faults.push(`nobody says anything on ${topic}`);
  }
  return faults;
}

function statusFaults(status: unknown): string[] {
  if (!isObject(status)) return ["no Status"];
  const { Buzz, Chattiness, ID, PublicKey, Version, Personality, Aura } = status;
  const faults: string[] = [];
  if (!(Number(Buzz) >= 0 && Number(Buzz) <= 182)) faults.push(`Buzz ${Buzz}`);
  if (!(Number(Chattiness) >= 0 && Number(Chattiness) <= 100)) faults.push(`Chattiness`);
  if (typeof ID !== "string" || ID.length < 8) faults.push(`ID ${ID}`);
  if (Buffer.from(String(PublicKey), "base64").length !== 32) faults.push("PublicKey");
  if (Version !== "0.2.0") faults.push(`Version ${Version}`);
  const shares = Object.values(isObject(Personality) ? Personality : { none: -1 });
  if (!shares.every((share) => Number(share) >= 0 && Number(share) < 100))
    faults.push("Personality");
  const colours = Object.values(isObject(Aura) ? Aura : { none: "" });
  if (!colours.every((colour) => /^#[0-9A-F]{6}$/.test(String(colour)))) faults.push("Aura");
  return faults;
}

/** docs/protocol/events-and-ledger.md §6, Legacy MQTT. */
const isLegacyEvent = (event: unknown): boolean =>
  isObject(event) &&
  /^[0-9a-f]{32}$/.test(String(event.ID)) &&
  Number.isInteger(event.Timestamp) &&
  [event.Type, event.Actor, event.Target].every((text) => typeof text === "string" && text !== "");

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSignature = (value: unknown): boolean =>
  typeof value === "string" && Buffer.from(value, "base64").length === 64;
