/** When a nara was here and when it was not, as far as anybody told. (docs/protocol/ui-and-api.md §b, `I/uptime`) */
import { goString } from "../codec/go-json.ts";
import type { SyncEvent } from "../events/sync-event.ts";
import { backfillOf } from "../ledger/queries.ts";
import { nowS, type WebApiParts } from "./parts.ts";
import { listOrNull, mapOf, structOf } from "./printed.ts";

interface Period {
  readonly type: "online" | "offline" | "historical";
  /** Unix seconds. */
  readonly startS: bigint;
  /** 0 while it lasts. */
  readonly endS: bigint;
  readonly durationS: bigint;
}

/** The newest; the reference shows all. */
const mostPeriods = 1000;

export function uptimeShown(subject: string, parts: WebApiParts): string {
  const { ledger, projections } = parts;
  const checkpoint = projections.uptimes.checkpointOf(subject)?.payload;
  const backfill = checkpoint === undefined ? backfillOf(ledger, subject) : undefined;
  const sinceS = checkpoint?.as_of_time ?? backfill?.start_time ?? 0n;
  const changes = ledger
    .about(subject)
    .flatMap((event) => changeIn(event, subject))
    .filter(({ atS }) => checkpoint === undefined || atS > sinceS)
    .sort((one, other) => Number(one.tsNs - other.tsNs));

  const periods: Period[] = [];
  if (checkpoint !== undefined && checkpoint.observation.total_uptime > 0n) {
    periods.push({
      type: "historical",
      startS: checkpoint.observation.start_time,
      endS: checkpoint.as_of_time,
      durationS: checkpoint.observation.total_uptime,
    });
  }
  let [type, startS]: ["online" | "offline", bigint] = ["online", sinceS];
  for (const change of changes) {
    if (startS !== 0n && change.type === type) continue;
    if (startS !== 0n) {
      periods.push({ type, startS, endS: change.atS, durationS: change.atS - startS });
    }
    [type, startS] = [change.type, change.atS];
  }
  const atS = nowS(parts);
  if (startS > 0n) periods.push({ type, startS, endS: 0n, durationS: BigInt(atS) - startS });

  const baseline =
    checkpoint !== undefined ? "checkpoint" : backfill !== undefined ? "backfill" : "";
  return mapOf({
    subject: goString(subject),
    periods: listOrNull(periods.slice(-mostPeriods).reverse().map(periodShown)),
    total_uptime: String(projections.uptimes.uptimeOf(subject, atS)),
    baseline_source: goString(baseline),
  });
}

function changeIn(event: SyncEvent, subject: string) {
  const type = stateIn(event, subject);
  return type === undefined ? [] : [{ type, tsNs: event.tsNs, atS: event.tsNs / 1_000_000_000n }];
}

function stateIn(event: SyncEvent, subject: string): "online" | "offline" | undefined {
  switch (event.svc) {
    case "hey-there":
      return event.payload.From === subject ? "online" : undefined;
    case "chau":
      return event.payload.From === subject ? "offline" : undefined;
    case "observation": {
      const { subject: about, type, online_state } = event.payload;
      if (about !== subject) return undefined;
      if (type === "restart" || type === "first-seen") return "online";
      if (type !== "status-change") return undefined;
      return online_state === "ONLINE" ? "online" : "offline";
    }
    default:
      return undefined;
  }
}

const periodShown = ({ type, startS, endS, durationS }: Period): string =>
  structOf({
    type: goString(type),
    start_time: String(startS),
    end_time: String(endS),
    duration: String(durationS),
    ongoing: String(endS === 0n),
  });
