/** The inspector's view of what is believed, and of comings and goings. (docs/protocol/ui-and-api.md §b, `I/`) */
import { goFloat, goMap, goString } from "../codec/go-json.ts";
import type { ObservationPayload } from "../events/observation.ts";
import type { SyncEventOf } from "../events/sync-event.ts";
import { jsonText, textAnswer } from "../mesh/answers.ts";
import type { MeshResponse } from "../mesh/http.ts";
import { nowS, plainJson, type WebApiParts, type WebRoute } from "./parts.ts";
import { listOf, mapOf } from "./printed.ts";
import { uptimeShown } from "./uptime-periods.ts";

/** Events that show who is here (§b). */
const onlineSources = 5;
/** Events behind one belief; the reference names them all. */
const mostSources = 1000;

export function inspectedBeliefRoutes(parts: WebApiParts): readonly WebRoute[] {
  return [
    {
      path: "/api/inspector/projections",
      answer: () => jsonText(everything(parts), plainJson),
    },
    {
      path: "/api/inspector/projection/",
      answer({ rest }) {
        const slash = rest.indexOf("/");
        if (slash < 0) {
          const form = "/api/inspector/projection/{type}/{subject}";
          return textAnswer(400, `invalid path format: expected ${form}`);
        }
        return beliefShown(rest.slice(0, slash), rest.slice(slash + 1), parts);
      },
    },
    {
      path: "/api/inspector/uptime/",
      answer: ({ rest }) =>
        rest === ""
          ? textAnswer(400, "subject required")
          : jsonText(uptimeShown(rest, parts), plainJson),
    },
  ];
}

function everything(parts: WebApiParts): string {
  const { me, projections } = parts;
  const { online, opinions, uptimes, clout } = projections;
  const atS = nowS(parts);
  const statuses = online
    .names()
    .map((name): [string, string] => [
      name,
      mapOf({ ...onlineState(name, parts), total_uptime: String(uptimes.uptimeOf(name, atS)) }),
    ]);
  const subjects = [...parts.neighbours().map(({ name }) => name), me.name];
  const believed = subjects.map((name): [string, string] => {
    const count = tellings(name, parts).length;
    const opinion = opinions.opinionOf(name, atS);
    return [
      name,
      mapOf({
        start_time: String(opinion.startTimeS),
        restart_num: String(opinion.restarts),
        last_restart: String(opinion.lastRestartS),
        observation_count: String(count),
        consensus: goString(consensusOf(count)),
      }),
    ];
  });
  return mapOf({
    online_status: goMap(new Map(statuses), (json) => json),
    clout: goMap(clout.scores(atS), goFloat),
    opinions: goMap(new Map(believed), (json) => json),
  });
}

function beliefShown(type: string, subject: string, parts: WebApiParts): MeshResponse {
  const shown = (fields: Readonly<Record<string, string>>): MeshResponse =>
    jsonText(mapOf({ type: goString(type), subject: goString(subject), ...fields }), plainJson);
  switch (type) {
    case "online_status":
      return shown({
        derived_state: mapOf(onlineState(subject, parts)),
        source_events: listOf(onlineEvents(subject, parts)),
      });
    case "clout":
      return shown({
        derived_state: mapOf({
          clout_score: goFloat(parts.projections.clout.scoreOf(subject, nowS(parts))),
        }),
        source_events: listOf(socialEvents(subject, parts)),
      });
    case "opinion": {
      const told = tellings(subject, parts);
      const opinion = parts.projections.opinions.opinionOf(subject, nowS(parts));
      return shown({
        derived_state: mapOf({
          start_time: String(opinion.startTimeS),
          restart_num: String(opinion.restarts),
          last_restart: String(opinion.lastRestartS),
        }),
        source_events: listOf(told.slice(-mostSources).map(tellingShown)),
        consensus_method: goString("trimmed_mean"),
        outliers_removed: String(outliersIn(told.map(({ payload }) => payload))),
      });
    }
    default:
      return textAnswer(400, `unknown projection type: ${type}`);
  }
}

function onlineState(name: string, { clock, projections }: WebApiParts) {
  const evidence = projections.online.evidenceOf(name);
  return {
    status: goString(projections.online.statusOf(name, clock.nowNs())),
    last_event_time: String(evidence?.tsNs ?? 0n),
    last_event_type: goString(evidence?.svc ?? ""),
    observer: goString(evidence?.observer ?? ""),
  };
}

function onlineEvents(subject: string, { ledger, projections }: WebApiParts): readonly string[] {
  const type = goString(projections.online.evidenceOf(subject)?.svc ?? "");
  return ledger
    .targeting("observation", subject)
    .slice(-onlineSources)
    .reverse()
    .map((event) =>
      mapOf({
        id: goString(event.id),
        timestamp: String(event.tsNs),
        service: goString(event.svc),
        emitter: goString(event.emitter),
        last_event_type: type,
      }),
    );
}

const socialEvents = (subject: string, { ledger }: WebApiParts): readonly string[] =>
  ledger
    .about(subject)
    .flatMap((event) => (event.svc === "social" ? [event] : []))
    .slice(-mostSources)
    .map(({ id, tsNs, payload }) =>
      mapOf({
        id: goString(id),
        timestamp: String(tsNs),
        type: goString(payload.type),
        actor: goString(payload.actor),
        target: goString(payload.target),
        reason: goString(payload.reason),
      }),
    );

/** What observers told of a nara's life. */
const tellings = (
  subject: string,
  { ledger }: WebApiParts,
): readonly SyncEventOf<"observation">[] =>
  ledger
    .targeting("observation", subject)
    .filter(({ payload }) => payload.type === "restart" || payload.type === "first-seen");

const tellingShown = ({ payload }: SyncEventOf<"observation">): string =>
  mapOf({
    id: goString(""),
    observer: goString(payload.observer),
    type: goString(payload.type),
    start_time: String(payload.start_time),
    restart_num: String(payload.restart_num),
    last_restart: String(payload.last_restart),
    observer_uptime: String(payload.observer_uptime),
  });

/** §b. */
function consensusOf(count: number): string {
  if (count > 5) return "strong";
  if (count > 2) return "moderate";
  return count > 0 ? "weak" : "none";
}

/** 1 where more than three tell counts that lie more than five apart. */
function outliersIn(told: readonly ObservationPayload[]): number {
  if (told.length <= 3) return 0;
  let [least, most] = [told[0]?.restart_num ?? 0n, told[0]?.restart_num ?? 0n];
  for (const { restart_num } of told) {
    if (restart_num < least) least = restart_num;
    if (restart_num > most) most = restart_num;
  }
  return most - least > 5n ? 1 : 0;
}
