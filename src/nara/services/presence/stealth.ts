/** What a nara in stealth says of itself: who it is, how it looks, where it is reached, no more. */
import { type NaraStatus, zeroStatus } from "./status.ts";

/**
 * Without its machine, mood, memory, whereabouts and what it remembers of others. Of the host's
 * figures the uptime stays: it tells one edition of a newspaper from another (newspaper.ts).
 */
export const withoutDetails = (status: NaraStatus): NaraStatus => ({
  ...zeroStatus,
  licensePlate: status.licensePlate,
  flair: status.flair,
  hostStats: { ...zeroStatus.hostStats, uptimeS: status.hostStats.uptimeS },
  observations: status.observations === null ? null : new Map(),
  trend: status.trend,
  trendEmoji: status.trendEmoji,
  personality: status.personality,
  aura: status.aura,
  version: status.version,
  publicKey: status.publicKey,
  id: status.id,
  meshEnabled: status.meshEnabled,
  meshIp: status.meshIp,
  transportMode: status.transportMode,
});
