/**
 * What a nara says of itself: the Status in howdys and newspapers.
 * Wire order, types and omissions: docs/protocol/identity.md §8.
 */
import {
  bool,
  decodeGo,
  encodeGo,
  float64,
  type GoType,
  int64,
  map,
  omitEmpty,
  pointer,
  struct,
  text,
  uint64,
} from "../../codec/go-types.ts";
import { viewed } from "../../codec/go-view.ts";
import { utf8Length } from "../../codec/utf8.ts";
import { maxCoordinateMs, maxFieldBytes } from "../../limits.ts";
import { type Outcome, refuse } from "../../outcome.ts";
import type { DropReason } from "../../runtime/drops.ts";
import type { Aura, Personality } from "../../view.ts";
import { highestBuzz, lowestBuzz } from "./buzz.ts";
import { maxChattiness } from "./chattiness.ts";
import { type Observation, observationType } from "./observation.ts";

export interface HostStats {
  /** How long the host has been up, seconds. */
  readonly uptimeS: number;
  /** One-minute load per core. */
  readonly loadAvg: number;
  readonly memAllocMb: number;
  readonly memSysMb: number;
  readonly memHeapMb: number;
  readonly memStackMb: number;
  readonly numGoroutines: number;
  readonly numGc: number;
  readonly procCpuPercent: number;
}

/** Vivaldi coordinates, ms (docs/protocol/presence-and-life.md §6). */
export interface Coordinates {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly error: number;
}

export interface NaraStatus {
  readonly licensePlate: string;
  readonly flair: string;
  readonly hostStats: HostStats;
  /** 0–100 */
  readonly chattiness: number;
  /** 0–182 */
  readonly buzz: number;
  /** By name; null in newspapers, never null in howdys. */
  readonly observations: ReadonlyMap<string, Observation> | null;
  readonly trend: string;
  readonly trendEmoji: string;
  readonly personality: Personality;
  readonly aura: Aura;
  readonly version: string;
  readonly publicUrl: string;
  /** Base64 */
  readonly publicKey: string;
  readonly id: string;
  readonly meshEnabled: boolean;
  readonly meshIp: string;
  readonly coordinates: Coordinates | undefined;
  readonly transportMode: string;
  readonly eventStoreTotal: number;
  readonly eventStoreByService: ReadonlyMap<string, number> | null;
  readonly eventStoreCritical: number;
  readonly memoryMode: string;
  readonly memoryBudgetMb: number;
  readonly memoryMaxEvents: number;
  readonly stashStored: number;
  readonly stashBytes: number;
  readonly stashConfidants: number;
}

/** Longest address of a person's page, UTF-8 bytes. */
const maxUrlBytes = 2048;
/** A hundred years of seconds: more uptime no host has. */
const maxUptimeS = 3_200_000_000;

/** An unsigned or signed integer of the reference, brought into a range that a double holds. */
const within = (type: GoType<bigint>, least: number, most: number): GoType<number> =>
  viewed(
    type,
    (value) => Math.min(most, Math.max(least, Number(value))),
    (value) => BigInt(Math.trunc(value)),
  );
const amount = within(uint64, 0, Number.MAX_SAFE_INTEGER);
const signedAmount = within(int64, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const share = within(int64, 0, 100);

const colour = viewed(
  text,
  (value) => (/^#[0-9A-Fa-f]{6}$/.test(value) ? value : ""),
  (value) => value,
);
const coordinatesType = viewed(
  pointer(struct({ x: float64, y: float64, height: float64, error: float64 })),
  (value) => (value !== undefined && areBounded(value) ? value : undefined),
  (value) => value,
);

const wireType = struct({
  LicensePlate: text,
  Flair: text,
  HostStats: struct({
    Uptime: within(uint64, 0, maxUptimeS),
    LoadAvg: float64,
    MemAllocMB: amount,
    MemSysMB: amount,
    MemHeapMB: amount,
    MemStackMB: amount,
    NumGoroutines: signedAmount,
    NumGC: amount,
    ProcCPUPercent: float64,
  }),
  Chattiness: within(int64, 0, maxChattiness),
  Buzz: within(int64, lowestBuzz, highestBuzz),
  Observations: map(observationType),
  Trend: text,
  TrendEmoji: text,
  Personality: struct({ Agreeableness: share, Sociability: share, Chill: share }),
  Aura: struct({ primary: colour, secondary: colour }),
  Version: text,
  PublicUrl: text,
  PublicKey: text,
  ID: text,
  MeshEnabled: bool,
  MeshIP: text,
  coordinates: omitEmpty(coordinatesType),
  transport_mode: omitEmpty(text),
  event_store_total: omitEmpty(signedAmount),
  event_store_by_service: omitEmpty(map(signedAmount)),
  event_store_critical: omitEmpty(signedAmount),
  memory_mode: omitEmpty(text),
  memory_budget_mb: omitEmpty(signedAmount),
  memory_max_events: omitEmpty(signedAmount),
  stash_stored: omitEmpty(signedAmount),
  stash_bytes: omitEmpty(signedAmount),
  stash_confidants: omitEmpty(signedAmount),
});

/** Numbers out of range are brought into it, impossible coordinates and colours left out. */
export const statusType: GoType<NaraStatus> = viewed(
  wireType,
  (wire): NaraStatus => ({
    licensePlate: wire.LicensePlate,
    flair: wire.Flair,
    hostStats: {
      uptimeS: wire.HostStats.Uptime,
      loadAvg: wire.HostStats.LoadAvg,
      memAllocMb: wire.HostStats.MemAllocMB,
      memSysMb: wire.HostStats.MemSysMB,
      memHeapMb: wire.HostStats.MemHeapMB,
      memStackMb: wire.HostStats.MemStackMB,
      numGoroutines: wire.HostStats.NumGoroutines,
      numGc: wire.HostStats.NumGC,
      procCpuPercent: wire.HostStats.ProcCPUPercent,
    },
    chattiness: wire.Chattiness,
    buzz: wire.Buzz,
    observations: wire.Observations,
    trend: wire.Trend,
    trendEmoji: wire.TrendEmoji,
    personality: {
      agreeableness: wire.Personality.Agreeableness,
      sociability: wire.Personality.Sociability,
      chill: wire.Personality.Chill,
    },
    aura: wire.Aura,
    version: wire.Version,
    publicUrl: wire.PublicUrl,
    publicKey: wire.PublicKey,
    id: wire.ID,
    meshEnabled: wire.MeshEnabled,
    meshIp: wire.MeshIP,
    coordinates: wire.coordinates,
    transportMode: wire.transport_mode,
    eventStoreTotal: wire.event_store_total,
    eventStoreByService: wire.event_store_by_service,
    eventStoreCritical: wire.event_store_critical,
    memoryMode: wire.memory_mode,
    memoryBudgetMb: wire.memory_budget_mb,
    memoryMaxEvents: wire.memory_max_events,
    stashStored: wire.stash_stored,
    stashBytes: wire.stash_bytes,
    stashConfidants: wire.stash_confidants,
  }),
  (ours) => ({
    LicensePlate: ours.licensePlate,
    Flair: ours.flair,
    HostStats: {
      Uptime: ours.hostStats.uptimeS,
      LoadAvg: ours.hostStats.loadAvg,
      MemAllocMB: ours.hostStats.memAllocMb,
      MemSysMB: ours.hostStats.memSysMb,
      MemHeapMB: ours.hostStats.memHeapMb,
      MemStackMB: ours.hostStats.memStackMb,
      NumGoroutines: ours.hostStats.numGoroutines,
      NumGC: ours.hostStats.numGc,
      ProcCPUPercent: ours.hostStats.procCpuPercent,
    },
    Chattiness: ours.chattiness,
    Buzz: ours.buzz,
    Observations: ours.observations,
    Trend: ours.trend,
    TrendEmoji: ours.trendEmoji,
    Personality: {
      Agreeableness: ours.personality.agreeableness,
      Sociability: ours.personality.sociability,
      Chill: ours.personality.chill,
    },
    Aura: ours.aura,
    Version: ours.version,
    PublicUrl: ours.publicUrl,
    PublicKey: ours.publicKey,
    ID: ours.id,
    MeshEnabled: ours.meshEnabled,
    MeshIP: ours.meshIp,
    coordinates: ours.coordinates,
    transport_mode: ours.transportMode,
    event_store_total: ours.eventStoreTotal,
    event_store_by_service: ours.eventStoreByService,
    event_store_critical: ours.eventStoreCritical,
    memory_mode: ours.memoryMode,
    memory_budget_mb: ours.memoryBudgetMb,
    memory_max_events: ours.memoryMaxEvents,
    stash_stored: ours.stashStored,
    stash_bytes: ours.stashBytes,
    stash_confidants: ours.stashConfidants,
  }),
);

export const zeroStatus: NaraStatus = statusType.zero();

/** Byte for byte what the reference would send. @throws RangeError for numbers without JSON. */
export const encodeStatus = (status: NaraStatus): string => encodeGo(statusType, status);

/** Refused when it is no Status, or holds texts that no nara sends. */
export function decodeStatus(json: string): Outcome<NaraStatus, DropReason> {
  const decoded = decodeGo(statusType, json);
  if (!decoded.ok) return decoded;
  const refusal = refuseStatus(decoded.value);
  return refusal === undefined ? decoded : refuse(refusal);
}

/** Why a Status that could be read is not believed; undefined when it is. */
export function refuseStatus(status: NaraStatus): DropReason | undefined {
  const short = [
    ...[status.licensePlate, status.flair, status.trend, status.trendEmoji, status.version],
    ...[status.publicKey, status.id, status.meshIp, status.transportMode, status.memoryMode],
  ];
  if (short.some((value) => utf8Length(value) > maxFieldBytes)) return "too_long";
  return utf8Length(status.publicUrl) > maxUrlBytes ? "too_long" : undefined;
}

function areBounded({ x, y, height, error }: Coordinates): boolean {
  const lengths = [Math.abs(x), Math.abs(y), height, error];
  return lengths.every((length) => length >= 0 && length <= maxCoordinateMs);
}
