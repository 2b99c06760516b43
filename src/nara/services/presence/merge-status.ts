/** What becomes of a Status I hold when its nara sends another (presence-and-life.md §2). */
import type { HostStats, NaraStatus } from "./status.ts";

/**
 * Looks and moods are taken even when empty, facts only when they say something, observations by
 * name. Event store and stash figures are never taken.
 * (docs/protocol/presence-and-life.md §2, "Updating a Status")
 */
export function mergeStatus(old: NaraStatus, received: NaraStatus): NaraStatus {
  return {
    ...old,
    licensePlate: received.licensePlate,
    trend: received.trend,
    trendEmoji: received.trendEmoji,
    personality: received.personality,
    chattiness: received.chattiness,
    buzz: received.buzz,
    meshEnabled: received.meshEnabled,
    meshIp: received.meshIp,
    flair: received.flair || old.flair,
    hostStats: saysSomething(received.hostStats) ? received.hostStats : old.hostStats,
    version: received.version || old.version,
    aura: received.aura.primary === "" ? old.aura : received.aura,
    publicUrl: received.publicUrl || old.publicUrl,
    publicKey: received.publicKey || old.publicKey,
    id: received.id || old.id,
    coordinates: received.coordinates ?? old.coordinates,
    transportMode: received.transportMode || old.transportMode,
    memoryMode: received.memoryMode || old.memoryMode,
    memoryBudgetMb: received.memoryBudgetMb || old.memoryBudgetMb,
    memoryMaxEvents: received.memoryMaxEvents || old.memoryMaxEvents,
    observations:
      received.observations === null || received.observations.size === 0
        ? old.observations
        : new Map([...(old.observations ?? []), ...received.observations]),
  };
}

function saysSomething(stats: HostStats): boolean {
  return Object.values(stats).some((value) => value !== 0);
}
