/** Where a visitor comes from, for what is counted by address. */
import { groupsOf } from "./ip-ranges.ts";

/**
 * IPv4 as it is, however it is written; of IPv6 the network, 64 bits, in which everybody may have
 * as many addresses as they like (RFC 4291 §2.5.4).
 */
export function sourceOf(address: string): string {
  const [, v4] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (v4 !== undefined) return v4;
  const groups = groupsOf(address.replace(/%.*$/, ""));
  if (groups === undefined) return address;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}
