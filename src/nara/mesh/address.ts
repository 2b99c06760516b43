/** From a nara's mesh address to where its HTTP listens. (docs/protocol/mesh-runtime-checkpoints.md §1) */

/** §1. */
export const meshPort = 7433;

/**
 * The base URL of a `MeshIP`; "" when it is unreachable. What has a colon is taken for `host:port`,
 * so a bare IPv6 address gives no URL that works, as in the reference (§1, Traps).
 */
export function meshUrl(meshIp: string): string {
  if (meshIp === "") return "";
  return meshIp.includes(":") ? `http://${meshIp}` : `http://${meshIp}:${meshPort}`;
}
