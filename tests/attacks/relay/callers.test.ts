/** Callers of a nara's address who send what no HTTP client sends, or too much, or too slowly. */
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMeshNara, personNamed } from "../../../src/nara/testing/mesh-nara.ts";
import { createVirtualClock } from "../../../src/nara/testing/virtual-clock.ts";
import { meshLimits } from "../../../src/relay/mesh/limits.ts";
import {
  echo,
  openTestRelay,
  say,
  statusOf,
  type TestRelay,
  until,
} from "../../../src/relay/mesh/testing.ts";

let relay: TestRelay;
let alice: string;
let asked: string[];
beforeEach(async () => {
  asked = [];
  relay = await openTestRelay({
    limits: {
      ...meshLimits,
      maxCallers: 30,
      requestsPerSecond: 1,
      requestBurst: 60,
      callerTimeoutMs: 300,
    },
  });
  const joined = await relay.join("alice", 1, async (request) => {
    asked.push(`${request.method} ${request.target}`);
    return echo(request);
  });
  alice = joined.address ?? "";
});
afterEach(() => relay.stop());

/** A nara beside notices nothing. */
async function othersAreFine(): Promise<boolean> {
  const { address } = await relay.join("bob", 2, echo);
  return (
    statusOf(await say(address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) === "200"
  );
}
const post = "POST /dm HTTP/1.1\r\nHost: a\r\n";

test("lengths that two readers would take differently are refused, and what hides behind is not read", async () => {
  const hidden = "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
  const attacks: readonly string[] = [
    `${post}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    `${post}Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`,
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n${hidden}`,
    `${post}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${hidden}`,
    `${post}Content-Length: -1\r\n\r\n${hidden}`,
    `${post}Content-Length: 0x0\r\n\r\n${hidden}`,
    `${post}Content-Length: 99999999999999999999\r\n\r\n${hidden}`,
  ];
  for (const text of attacks) {
    const heard = await say(alice, text);
    expect(statusOf(heard), text.slice(0, 120)).toMatch(/^4\d\d$/);
    expect(heard.split("HTTP/1.1 "), heard + text).toHaveLength(2);
  }
  expect(asked).toEqual([]);
  expect(await othersAreFine()).toBe(true);
});

test("header lines cannot be put inside others, nor said twice", async () => {
  const attacks: readonly string[] = [
    `${post}X-Nara-Name: alice\rX-Nara-Name: bob\r\nContent-Length: 0\r\n\r\n`,
    `${post}X-Nara-Name: alice\nX-Evil: 1\r\nContent-Length: 0\r\n\r\n`,
    `${post}X-Nara-Name: al\0ice\r\nContent-Length: 0\r\n\r\n`,
    `${post}X-Nara-Name: a\r\n b\r\nContent-Length: 0\r\n\r\n`,
    `${post}X-Nara-Name: a\r\nX-NARA-NAME: b\r\nContent-Length: 0\r\n\r\n`,
    `${post}X-Nara-Na me: a\r\nContent-Length: 0\r\n\r\n`,
    `${post}: a\r\nContent-Length: 0\r\n\r\n`,
    `${post}Host: b\r\nContent-Length: 0\r\n\r\n`,
    "POST /dm\x01 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "GET / HTTP/3.7\r\nHost: a\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  ];
  for (const text of attacks) {
    expect(statusOf(await say(alice, text)), text.slice(0, 90)).toBe("400");
  }
  expect(asked).toEqual([]);
  expect(await othersAreFine()).toBe(true);
});

test("headers of hops between are not carried, whatever they say", async () => {
  const heads: string[] = [];
  const { address } = await relay.join("carol", 3, async (request) => {
    heads.push([...request.headers.keys()].sort().join(" "));
    return echo(request);
  });
  const hops =
    "Connection: close, X-Nara-Signature\r\nX-Nara-Signature: abc\r\nUpgrade: websocket\r\n" +
    "Proxy-Authorization: x\r\nCookie: a\r\nX-Forwarded-For: 1.2.3.4\r\nTE: trailers\r\nExpect: 100-continue\r\n";
  const heard = await say(address, `${post}${hops}Content-Length: 0\r\n\r\n`);
  expect(heard).toContain("HTTP/1.1 200 OK");
  expect(heads).toEqual(["content-length x-nara-signature"]);
});

test("paths with dots and encoded slashes arrive as they are, for the nara to refuse", async () => {
  const paths = [
    "/../../etc/passwd",
    "/a/../dm",
    "/%2e%2e/dm",
    "/..%2fdm",
    "//dm",
    "/dm/",
    "/dm%00",
    "/events%2Fsync",
    "/\\dm",
    "/dm?../..",
    "/%",
  ];
  for (const path of paths) {
    await say(alice, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  }
  expect(asked).toEqual(paths.map((path) => `GET ${path}`));

  const me = personNamed("dave");
  const nara = createMeshNara({ me, keyPair: me.keyPair, clock: createVirtualClock(), known: [] });
  const { address } = await relay.join("dave", 4, nara.ask);
  for (const path of paths) {
    const heard = await say(
      address,
      `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(heard), path).toMatch(/^(307|400|401|404|405)$/);
  }
});

test("heads and bodies beyond the bounds are refused, the nara hears nothing of them", async () => {
  const cases: readonly (readonly [string, string])[] = [
    [`GET / HTTP/1.1\r\nHost: a\r\nX-Nara-Name: ${"x".repeat(17_000)}\r\n\r\n`, "431"],
    [`GET /${"x".repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, "431"],
    [
      `GET / HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 70 }, (_, at) => `X-Nara-${at}: 1\r\n`).join("")}\r\n`,
      "400",
    ],
    [`${post}Content-Length: ${4 * 1024 * 1024 + 1}\r\n\r\n`, "413"],
  ];
  for (const [text, status] of cases) expect(statusOf(await say(alice, text))).toBe(status);
  expect(asked).toEqual([]);
  expect(relay.refusals("request head too large")).toBe(2);
  expect(relay.refusals("too many headers")).toBe(1);
  expect(relay.refusals("request body too large")).toBe(1);

  const chunk = `${(64 * 1024).toString(16)}\r\n${"x".repeat(64 * 1024)}\r\n`;
  const heard = await say(alice, `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(80)}`);
  expect(heard === "" || statusOf(heard) === "413").toBe(true);
  expect(asked).toEqual([]);
  expect(relay.refusals("request body too large")).toBe(2);
  expect(await othersAreFine()).toBe(true);
});

test("callers who dawdle over a head are sent away, however many, and others are heard meanwhile", async () => {
  const [host = "", port] = alice.split(":");
  const slow = Array.from({ length: 20 }, () => {
    const socket = connect(Number(port), host);
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-Nara-Na");
    return new Promise<string>((resolve) => {
      let heard = "";
      socket.on("data", (bytes) => {
        heard += String(bytes);
      });
      socket.on("close", () => resolve(heard));
    });
  });
  const quick = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  expect(statusOf(await say(alice, quick))).toBe("200");
  for (const heard of await Promise.all(slow)) expect(statusOf(heard)).toBe("408");
  expect(relay.refusals("too slow a caller")).toBe(20);
});

test("more callers than fit are turned away, and all places are free again after", async () => {
  const [host = "", port] = alice.split(":");
  const held = Array.from({ length: 30 }, () => {
    const socket = connect(Number(port), host);
    socket.on("error", () => {});
    return socket;
  });
  const quick = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  let heard = "";
  do heard = await say(alice, quick);
  while (heard !== "");
  expect(relay.refusals("too many callers")).toBeGreaterThan(0);
  expect(await othersAreFine()).toBe(true);
  for (const socket of held) socket.destroy();
  do heard = await say(alice, quick);
  while (heard === "");
  expect(statusOf(heard)).toBe("200");
});

test("who asks too often hears 429 with when to come back; another nara answers on", async () => {
  const quick = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const answers: string[] = [];
  for (let count = 0; count < 70; count++) answers.push(await say(alice, quick));
  const refused = answers.filter((heard) => statusOf(heard) === "429");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toContain("Retry-After: 1");
  expect(relay.refusals("too many requests")).toBe(refused.length);
  expect(await othersAreFine()).toBe(true);
});

test("a caller who leaves in the middle of either body leaves nothing behind", async () => {
  const [host = "", port] = alice.split(":");
  for (const text of [
    `${post}Content-Length: 1000\r\n\r\nabc`,
    `${post}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
  ]) {
    const socket = connect(Number(port), host);
    socket.on("error", () => {});
    socket.write(text);
    await until(() => relay.gauge("streams") === 1);
    socket.destroy();
    await until(() => relay.gauge("streams") === 0);
  }
  expect(relay.gauge("held_bytes")).toBe(0);
  expect(asked).toEqual([]);
});
