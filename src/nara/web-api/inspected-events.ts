/** The inspector's view of events and checkpoints. (docs/protocol/ui-and-api.md §b, `I/`) */
import { goString } from "../codec/go-json.ts";
import {
  actorOf,
  encodeSyncEvent,
  isSigned,
  type SyncEvent,
  type SyncEventOf,
  targetOf,
  tellEvent,
} from "../events/sync-event.ts";
import { jsonText, textAnswer } from "../mesh/answers.ts";
import { queryValue } from "../mesh/target.ts";
import { plainJson, type WebApiParts, type WebRoute } from "./parts.ts";
import { listOf, mapOf, structOf } from "./printed.ts";

/** §b. */
const usualLimit = 100n;
const highestLimit = 1000n;

export function inspectedEventRoutes(parts: WebApiParts): readonly WebRoute[] {
  const { ledger } = parts;
  return [
    {
      path: "/api/inspector/events",
      answer({ rawQuery }) {
        const limit = Number(numberIn(rawQuery, "limit", 1n, highestLimit) ?? usualLimit);
        const offset = Number(numberIn(rawQuery, "offset", 0n, 2n ** 53n) ?? 0n);
        const wanted = filterIn(rawQuery);
        const found = ledger.newest(ledger.count(), wanted);
        const page = found.slice(offset, offset + limit);
        return jsonText(
          mapOf({
            events: listOf(page.map(lineShown)),
            total: String(found.length),
            has_more: String(offset + limit < found.length),
          }),
          plainJson,
        );
      },
    },
    {
      path: "/api/inspector/event/",
      answer({ rest }) {
        if (rest === "") return textAnswer(400, "event ID required");
        const event = ledger.get(rest);
        return event === undefined
          ? textAnswer(404, "event not found")
          : jsonText(detailOf(event, parts), plainJson);
      },
    },
    {
      path: "/api/inspector/checkpoints",
      answer() {
        const latest = new Map<string, SyncEventOf<"checkpoint">>();
        for (const event of [...ledger.byService("checkpoint")].reverse()) {
          if (!latest.has(event.payload.subject)) latest.set(event.payload.subject, event);
        }
        const checkpoints = [...latest.values()].map((event) => summaryOf(event, parts));
        return jsonText(mapOf({ checkpoints: listOf(checkpoints) }), plainJson);
      },
    },
    {
      path: "/api/inspector/checkpoint/",
      answer({ rest }) {
        if (rest === "") return textAnswer(400, "subject required");
        const event = parts.projections.uptimes.checkpointOf(rest);
        return event === undefined
          ? textAnswer(404, "checkpoint not found")
          : jsonText(checkpointDetail(event, parts), plainJson);
      },
    },
  ];
}

/** What the gate believed was verified as it came, and is not verified again for who asks. */
const isProven = ({ id }: SyncEvent, { ledger }: WebApiParts): boolean =>
  ledger.standingOf(id)?.tier === "proven";

function lineShown(event: SyncEvent): string {
  const { icon, text, detail } = tellEvent(event);
  return structOf({
    id: goString(event.id),
    timestamp: String(event.tsNs),
    service: goString(event.svc),
    emitter: goString(event.emitter),
    emitter_id: goString(event.emitterId),
    signed: String(isSigned(event)),
    ui_format: mapOf({ icon: goString(icon), text: goString(text), detail: goString(detail) }),
  });
}

function detailOf(event: SyncEvent, parts: WebApiParts): string {
  const { ledger, clock } = parts;
  const isValid = isSigned(event) && isProven(event, parts);
  const fault = isSigned(event) && !isValid ? goString("public key not found for emitter") : "null";
  return mapOf({
    event: encodeSyncEvent(event),
    verification: mapOf({
      is_signed: String(isSigned(event)),
      signature_valid: String(isValid),
      public_key_known: String(isValid),
      signable_content: goString(""),
      verification_error: fault,
    }),
    metadata: mapOf({
      event_index: String(ledger.events().findIndex(({ id }) => id === event.id)),
      total_events: String(ledger.count()),
      age_seconds: String((clock.nowNs() - event.tsNs) / 1_000_000_000n),
    }),
  });
}

function summaryOf(event: SyncEventOf<"checkpoint">, parts: WebApiParts): string {
  const { payload } = event;
  const voters = payload.voter_ids ?? [];
  const known = voters.filter((id) => parts.keyring.keyOfId(id) !== undefined);
  const verified = isProven(event, parts);
  return structOf({
    subject: goString(payload.subject),
    subject_id: goString(payload.subject_id),
    as_of_time: String(payload.as_of_time),
    round: String(payload.round),
    restarts: String(payload.observation.restarts),
    total_uptime: String(payload.observation.total_uptime),
    start_time: String(payload.observation.start_time),
    voter_count: String(voters.length),
    verified_count: String(verified ? voters.length : 0),
    known_count: String(verified ? voters.length : known.length),
    verified: String(verified),
    version: String(payload.version),
    ...(payload.previous_checkpoint_id !== "" && {
      previous_checkpoint_id: goString(payload.previous_checkpoint_id),
    }),
  });
}

function checkpointDetail(event: SyncEventOf<"checkpoint">, parts: WebApiParts): string {
  const { subject, subject_id, voter_ids, signatures } = event.payload;
  const voterIds = voter_ids ?? [];
  const verified = isProven(event, parts);
  const voters = voterIds.map((id, index) =>
    structOf({
      voter_id: goString(id),
      voter_name: goString(id === subject_id ? subject : (parts.keyring.nameOfId(id) ?? "")),
      signature: goString(signatures?.[index] ?? ""),
      verified: String(verified),
      verification_error: verified ? "null" : goString("public key not found"),
    }),
  );
  return mapOf({
    event: encodeSyncEvent(event),
    voters: listOf(voters),
    summary: mapOf({
      total_voters: String(voters.length),
      verified_voters: String(verified ? voters.length : 0),
      is_self_attestation: String(voterIds.includes(subject_id)),
    }),
  });
}

function filterIn(rawQuery: string): (event: SyncEvent) => boolean {
  const service = queryValue(rawQuery, "service");
  const subject = queryValue(rawQuery, "subject");
  const after = numberIn(rawQuery, "after", 1n, 2n ** 63n - 1n);
  const before = numberIn(rawQuery, "before", 1n, 2n ** 63n - 1n);
  return (event) =>
    (service === "" || event.svc === service) &&
    (subject === "" || [event.emitter, actorOf(event), targetOf(event)].includes(subject)) &&
    (after === undefined || event.tsNs >= after) &&
    (before === undefined || event.tsNs <= before);
}

/** As Go reads it; undefined when it is none or out of bounds. */
function numberIn(rawQuery: string, key: string, least: bigint, most: bigint): bigint | undefined {
  const written = queryValue(rawQuery, key);
  if (!/^[+-]?\d{1,40}$/.test(written)) return undefined;
  const value = BigInt(written.replace(/^\+/, ""));
  return value >= least && value <= most ? value : undefined;
}
