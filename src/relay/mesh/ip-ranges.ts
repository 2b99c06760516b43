/**
 * Which IP addresses lie in the open internet, and which inside somebody's network, machine or
 * cloud. Ranges: IANA's special-purpose registries of IPv4 and IPv6 addresses (RFC 6890, kept up).
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";

/** Shared, private, loopback, link-local (metadata too), documentation, multicast, reserved. */
const specialV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;
/** Global unicast; everything else is loopback, link-local, unique local, multicast or reserved. */
const globalV6 = "2000::/3";
/** Protocols with Teredo among them, documentation, 6to4, which leads to any IPv4 address. */
const specialV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"] as const;
/** A gateway turns the last 32 bits into an IPv4 address (RFC 6052 §2.1). */
const nat64V6 = "64:ff9b::/96";

/** A range of addresses, of either family. */
export interface IpRange {
  readonly address: string;
  readonly bits: number;
}

/** `10.0.0.0/8`, `fd00::/8`. */
export function readIpRange(text: string): Outcome<IpRange> {
  const [, address = "", digits] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = Number(digits);
  const most = isIPv4(address) ? 32 : 128;
  return (isIPv4(address) || isIPv6(address)) && bits <= most
    ? accept({ address, bits })
    : refuse("not a range of addresses");
}

/** Answers whether an address lies in one of some ranges, however it is written. */
export function createRanges(ranges: readonly IpRange[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, bits } of ranges) {
    list.addSubnet(address, bits, isIPv4(address) ? "ipv4" : "ipv6");
  }
  return (address) => {
    const plain = withoutDisguise(address);
    return plain !== undefined && list.check(plain, isIPv4(plain) ? "ipv4" : "ipv6");
  };
}

/** Whether an address leads into the open internet, and nowhere else. */
export function createIsPublic(): (address: string) => boolean {
  const isSpecial = createRanges([...specialV4, ...specialV6].map(rangeOf));
  const isGlobal = createRanges([rangeOf(globalV6)]);
  return (address) => {
    const plain = withoutDisguise(address);
    if (plain === undefined || isSpecial(plain)) return false;
    return isIPv4(plain) || isGlobal(plain);
  };
}

/**
 * The IPv4 address inside a mapped, compatible or translated IPv6 address, any other as it is;
 * undefined for what is no address, or one of a single interface (`%eth0`).
 */
function withoutDisguise(address: string): string | undefined {
  if (isIPv4(address)) return address;
  const groups = groupsOf(address);
  if (groups === undefined) return undefined;
  const head = groups.slice(0, 6).join(":");
  const [high = 0, low = 0] = groups.slice(6);
  const isNat64 =
    head ===
    groupsOf(nat64V6.split("/")[0] ?? "")
      ?.slice(0, 6)
      .join(":");
  const isMapped = head === "0:0:0:0:0:65535";
  const isCompatible = head === "0:0:0:0:0:0" && high !== 0;
  if (!isNat64 && !isMapped && !isCompatible) return address;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight numbers of an IPv6 address; undefined for anything else. */
export function groupsOf(address: string): readonly number[] | undefined {
  if (!isIPv6(address) || address.includes("%")) return undefined;
  // The URL parser writes every IPv6 address in one way, without dots (WHATWG URL §3.5).
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before = "", after] = plain.split("::");
  const numbers = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [head, tail] = [numbers(before), numbers(after ?? "")];
  const gap = after === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...new Array<number>(gap).fill(0), ...tail];
}

const rangeOf = (text: string): IpRange => {
  const [address = "", bits] = text.split("/");
  return { address, bits: Number(bits) };
};
