/** Whom I know, and I: `/narae.json`, `/api.json`, `/status/…`, `/profile/…`. (docs/protocol/ui-and-api.md §b) */
import { goFloat, goMap, goString } from "../codec/go-json.ts";
import { encodeGo } from "../codec/go-types.ts";
import { jsonText, notFound } from "../mesh/answers.ts";
import type { Friend } from "../projections/teases.ts";
import { encodeObservation, type Observation } from "../services/presence/observation.ts";
import { type NaraStatus, statusType } from "../services/presence/status.ts";
import { nowS, type WebApiParts, type WebRoute } from "./parts.ts";
import { listOf, listOrNull, mapOf, sortedKeys, structOf } from "./printed.ts";

/** One nara with what is known of it. */
export interface Known {
  readonly name: string;
  readonly status: NaraStatus;
  readonly observation: Observation;
}

/** Teases of a profile (§b). */
const shownTeases = 50;

export function naraRoutes(parts: WebApiParts): readonly WebRoute[] {
  const server = goString(parts.me.name);
  return [
    {
      path: "/narae.json",
      answer() {
        const scores = parts.projections.clout.scores(nowS(parts));
        const naras = everybody(parts).map((nara) => cardOf(nara, scores.get(nara.name) ?? 0));
        return jsonText(mapOf({ naras: listOf(naras), server }));
      },
    },
    {
      path: "/api.json",
      answer: () => jsonText(mapOf({ naras: listOf(everybody(parts).map(fullStatusOf)), server })),
    },
    {
      path: "/status/",
      answer({ rest }) {
        const name = nameIn(rest);
        const neighbour = name === undefined ? undefined : parts.neighbour(name);
        return neighbour === undefined
          ? notFound()
          : jsonText(encodeGo(statusType, neighbour.status));
      },
    },
    {
      path: "/profile/",
      answer({ rest }) {
        const name = nameIn(rest);
        const nara = name === parts.me.name ? myself(parts) : parts.neighbour(name ?? "");
        return nara === undefined ? notFound() : jsonText(profileOf(nara, parts));
      },
    },
  ];
}

/** Neighbours, then me, unless I only listen. */
export const everybody = (parts: WebApiParts): readonly Known[] => [
  ...parts.neighbours(),
  ...(parts.isSilent?.() === true ? [] : [myself(parts)]),
];

function myself(parts: WebApiParts): Known {
  const observation = parts.observation();
  const observations = new Map(
    parts.neighbours().map((neighbour) => [neighbour.name, neighbour.observation]),
  ).set(parts.me.name, observation);
  return { name: parts.me.name, status: { ...parts.status(), observations }, observation };
}

/** `alice.json` → `alice`. */
function nameIn(rest: string): string | undefined {
  const name = rest.endsWith(".json") ? rest.slice(0, -".json".length) : "";
  return name === "" ? undefined : name;
}

const cardOf = ({ name, status, observation }: Known, clout: number): string =>
  mapOf({
    Name: goString(name),
    ID: goString(status.id),
    PublicUrl: goString(status.publicUrl),
    Flair: goString(status.flair),
    LicensePlate: goString(status.licensePlate),
    Buzz: String(status.buzz),
    Chattiness: String(status.chattiness),
    LastSeen: String(observation.lastSeenS),
    LastRestart: String(observation.lastRestartS),
    Online: goString(observation.online),
    StartTime: String(observation.startTimeS),
    Restarts: String(observation.restarts),
    Uptime: String(status.hostStats.uptimeS),
    Trend: goString(status.trend),
    TrendEmoji: goString(status.trendEmoji),
    Aura: goString(status.aura.primary),
    AuraSecondary: goString(status.aura.secondary),
    Sociability: String(status.personality.sociability),
    Chill: String(status.personality.chill),
    Agreeableness: String(status.personality.agreeableness),
    MemoryMode: goString(status.memoryMode),
    MemoryBudgetMB: String(status.memoryBudgetMb),
    MemoryMaxEvents: String(status.memoryMaxEvents),
    HostStats: hostStatsOf(status),
    event_store_total: String(status.eventStoreTotal),
    event_store_by_service: countsOf(status.eventStoreByService),
    event_store_critical: String(status.eventStoreCritical),
    Clout: goFloat(clout),
  });

function fullStatusOf({ name, status, observation }: Known): string {
  const said: unknown = JSON.parse(encodeGo(statusType, status));
  return sortedKeys({
    ...(typeof said === "object" ? said : {}),
    Name: name,
    Online: observation.online,
    LastSeen: observation.lastSeenS,
    LastRestart: observation.lastRestartS,
    StartTime: observation.startTimeS,
    Restarts: observation.restarts,
  });
}

function profileOf({ name, status, observation }: Known, parts: WebApiParts): string {
  const { ledger, projections } = parts;
  const { from, to } = projections.teases.friendsOf(name);
  return mapOf({
    id: goString(status.id),
    name: goString(name),
    flair: goString(status.flair),
    license_plate: goString(status.licensePlate),
    aura: structOf({
      primary: goString(status.aura.primary),
      secondary: goString(status.aura.secondary),
    }),
    personality: structOf({
      Agreeableness: String(status.personality.agreeableness),
      Sociability: String(status.personality.sociability),
      Chill: String(status.personality.chill),
    }),
    chattiness: String(status.chattiness),
    buzz: String(status.buzz),
    memory_mode: goString(status.memoryMode),
    memory_budget_mb: String(status.memoryBudgetMb),
    memory_max_events: String(status.memoryMaxEvents),
    mesh_enabled: String(status.meshEnabled),
    mesh_ip: goString(status.meshIp),
    transport_mode: goString(status.transportMode),
    trend: goString(status.trend),
    trend_emoji: goString(status.trendEmoji),
    host_stats: hostStatsOf(status),
    online: goString(observation.online),
    last_seen: String(observation.lastSeenS),
    last_restart: String(observation.lastRestartS),
    start_time: String(observation.startTimeS),
    restarts: String(observation.restarts),
    observations: goMap(status.observations ?? new Map(), encodeObservation),
    event_store_by_service: countsOf(ledger.countsByService()),
    event_store_total: String(ledger.count()),
    event_store_critical: String(ledger.criticalCount()),
    recent_teases: listOrNull(teasesOf(name, parts)),
    best_friends: mapOf({ from: friendShown(from), to: friendShown(to) }),
  });
}

function teasesOf(name: string, { ledger }: WebApiParts): readonly string[] {
  return ledger
    .about(name)
    .flatMap(({ svc, payload, tsNs }) =>
      svc === "social" && payload.type === "tease" ? [{ ...payload, tsNs }] : [],
    )
    .slice(-shownTeases)
    .reverse()
    .map(({ actor, target, reason, tsNs }) =>
      mapOf({
        actor: goString(actor),
        target: goString(target),
        reason: goString(reason),
        timestamp: String(tsNs / 1_000_000_000n),
      }),
    );
}

const friendShown = (friend: Friend | undefined): string =>
  mapOf({ name: goString(friend?.name ?? ""), count: String(friend?.count ?? 0) });

const countsOf = (counts: ReadonlyMap<string, number> | null): string =>
  counts === null ? "null" : goMap(counts, String);

const hostStatsOf = ({ hostStats }: NaraStatus): string =>
  structOf({
    Uptime: String(hostStats.uptimeS),
    LoadAvg: goFloat(hostStats.loadAvg),
    MemAllocMB: String(hostStats.memAllocMb),
    MemSysMB: String(hostStats.memSysMb),
    MemHeapMB: String(hostStats.memHeapMb),
    MemStackMB: String(hostStats.memStackMb),
    NumGoroutines: String(hostStats.numGoroutines),
    NumGC: String(hostStats.numGc),
    ProcCPUPercent: goFloat(hostStats.procCpuPercent),
  });
