import { expect, test } from "vitest";
import { parseAuthority } from "./authority.ts";
import { readEgressList } from "./egress-list.ts";
import { createIsPublic, createRanges, readIpRange } from "./ip-ranges.ts";
import { readIpv4Prefix } from "./slots.ts";
import { sourceOf } from "./sources.ts";

const isPublic = createIsPublic();

test("addresses of the open internet are public, however they are written", () => {
  for (const address of [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.32.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b::808:808",
  ]) {
    expect(isPublic(address), address).toBe(true);
  }
});

test("loopback, private, link-local, metadata and all that only lead there are not", () => {
  for (const address of [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.170",
    "198.19.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:10.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "ff02::1",
    "5f00::1",
    "localhost",
    "",
  ]) {
    expect(isPublic(address), address).toBe(false);
  }
});

test("a listed range holds its addresses in every disguise", () => {
  const loop = readIpRange("127.0.0.0/8");
  const own = readIpRange("fd00::/8");
  if (!loop.ok || !own.ok) throw new Error("ranges");
  const isListed = createRanges([loop.value, own.value]);
  for (const address of ["127.9.9.9", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd12::1"]) {
    expect(isListed(address), address).toBe(true);
  }
  for (const address of ["128.0.0.1", "::1", "fc00::1", "x"]) {
    expect(isListed(address), address).toBe(false);
  }
});

test("hosts in strange numbers are the addresses that they stand for", () => {
  for (const host of ["2130706433", "0x7f000001", "017700000001", "127.1", "0x7f.1"]) {
    expect(parseAuthority(`${host}:7433`)?.text, host).toBe("127.0.0.1:7433");
  }
  expect(parseAuthority("[::FFFF:127.0.0.1]:80")).toEqual({
    host: "::ffff:7f00:1",
    port: 80,
    text: "[::ffff:7f00:1]:80",
  });
  expect(parseAuthority("Alice.Example")).toMatchObject({ host: "alice.example", port: 80 });
  for (const text of [
    "",
    "a b:1",
    "a@b:1",
    "a:0",
    "a:70000",
    "[::1",
    "a/b",
    "::1",
    "1.2.3.4.5:1",
  ]) {
    expect(parseAuthority(text), text).toBeUndefined();
  }
});

test("the egress list takes hosts with ports, ranges and addresses, and names what is none", () => {
  expect(readEgressList("nara.example:7433, 10.0.0.0/8,fd00::/8,192.168.1.9,::1")).toEqual({
    ok: true,
    value: {
      authorities: ["nara.example:7433"],
      ranges: [
        { address: "10.0.0.0", bits: 8 },
        { address: "fd00::", bits: 8 },
        { address: "192.168.1.9", bits: 32 },
        { address: "::1", bits: 128 },
      ],
    },
  });
  expect(readEgressList("")).toEqual({ ok: true, value: { authorities: [], ranges: [] } });
  for (const text of ["nara.example", "10.0.0.0/33", "*", "10.0.0.0/8,x y:1", "http://a:1"]) {
    expect(readEgressList(text), text).toMatchObject({ ok: false });
  }
});

test("a prefix for addresses is whole, IPv4, and of a size that makes sense", () => {
  expect(readIpv4Prefix("127.1.0.0/16")).toEqual({
    ok: true,
    value: { first: 0x7f010000, count: 65_536 },
  });
  for (const text of [
    "127.1.0.1/16",
    "127.1.0.0",
    "127.1.0.0/31",
    "10.0.0.0/4",
    "fd00::/8",
    "300.0.0.0/8",
  ]) {
    expect(readIpv4Prefix(text), text).toMatchObject({ ok: false });
  }
});

test("visitors are counted by IPv4 address and by IPv6 network", () => {
  expect(sourceOf("203.0.113.9")).toBe("203.0.113.9");
  expect(sourceOf("::ffff:203.0.113.9")).toBe("203.0.113.9");
  expect(sourceOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(sourceOf("2001:db8:0:0:ffff::2")).toBe(sourceOf("2001:db8::1"));
  expect(sourceOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
});
