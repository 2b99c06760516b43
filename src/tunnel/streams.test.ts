import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../nara/testing/virtual-clock.ts";
import { encodeFrame, type Frame, type RequestHead } from "./frames.ts";
import {
  createStreams,
  type Exchange,
  type ExchangeListener,
  type StreamLimits,
  type Streams,
  streamLimits,
} from "./streams.ts";

const small: StreamLimits = {
  ...streamLimits,
  streamWindowBytes: 1_000,
  tunnelWindowBytes: 2_500,
  maxStreams: 3,
};
const ask: RequestHead = { method: "POST", authority: "", target: "/dm", fields: [] };
const ok = { status: 200, fields: [] };

interface Heard {
  readonly heads: number[];
  readonly bytes: number[];
  ended: boolean;
  cancelled: string | undefined;
  rooms: number;
}
const hearing = (): Heard & { readonly listener: ExchangeListener } => {
  const heard: Heard = { heads: [], bytes: [], ended: false, cancelled: undefined, rooms: 0 };
  const listener: ExchangeListener = {
    onHead: (head) => heard.heads.push(head.status),
    onBody: (bytes) => heard.bytes.push(bytes.length),
    onEnd: () => {
      heard.ended = true;
    },
    onRoom: () => {
      heard.rooms += 1;
    },
    onCancel: (reason) => {
      heard.cancelled = reason;
    },
  };
  return Object.assign(heard, { listener });
};
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

interface Served {
  readonly head: RequestHead;
  readonly exchange: Exchange;
  readonly heard: Heard;
}

/** Two ends with a wire that holds frames until they are delivered. */
function createPair(limits: StreamLimits = small) {
  const clock = createVirtualClock();
  const closed: { nara?: string; relay?: string } = {};
  const served: Served[] = [];
  const toRelay: Uint8Array[] = [];
  const toNara: Uint8Array[] = [];
  const end = (side: "nara" | "relay", out: Uint8Array[]): Streams =>
    createStreams({
      side,
      clock,
      limits,
      wire: {
        send: (frame) => out.push(frame),
        unsentBytes: () => sum(out.map(({ length }) => length)),
        close: () => {},
      },
      serve: (head, exchange) => {
        const heard = hearing();
        served.push({ head, exchange, heard });
        return heard.listener;
      },
      onClosed: (reason) => {
        closed[side] = reason;
      },
    });
  const nara = end("nara", toRelay);
  const relay = end("relay", toNara);
  const deliver = (): void => {
    while (toRelay.length + toNara.length > 0) {
      for (const frame of toRelay.splice(0)) relay.receive(frame);
      for (const frame of toNara.splice(0)) nara.receive(frame);
    }
  };
  return { clock, nara, relay, served, closed, toRelay, toNara, deliver };
}
type Pair = ReturnType<typeof createPair>;
const openAt = (streams: Streams): { readonly exchange: Exchange; readonly heard: Heard } => {
  const heard = hearing();
  const exchange = streams.open(ask, heard.listener);
  if (exchange === undefined) throw new Error("closed");
  return { exchange, heard };
};
const lastServed = ({ served }: Pair): Served => served.at(-1)!;

test("exchanges go both ways at once, each with its own bodies", () => {
  const pair = createPair();
  const fromRelay = openAt(pair.relay);
  const fromNara = openAt(pair.nara);
  fromRelay.exchange.write(new Uint8Array(10));
  fromRelay.exchange.end();
  fromNara.exchange.end();
  pair.deliver();
  expect(pair.served.map(({ heard }) => [sum(heard.bytes), heard.ended])).toEqual([
    [0, true],
    [10, true],
  ]);
  for (const [at, { exchange }] of pair.served.entries()) {
    exchange.consumed(10);
    expect(exchange.respond(ok)).toBe(true);
    exchange.write(new Uint8Array(20 + at));
    exchange.end();
  }
  pair.deliver();
  expect(sum(fromNara.heard.bytes) + sum(fromRelay.heard.bytes)).toBe(41);
  for (const { exchange, heard } of [fromNara, fromRelay]) {
    expect(heard).toMatchObject({ heads: [200], ended: true, cancelled: undefined });
    exchange.consumed(100);
  }
  expect([pair.nara.count(), pair.relay.count()]).toEqual([0, 0]);
});

test("a slow reader stops its own exchange at the window, and others go on", () => {
  const pair = createPair();
  const slow = openAt(pair.relay);
  expect(slow.exchange.write(new Uint8Array(5_000))).toBe(false);
  pair.deliver();
  const { exchange, heard } = lastServed(pair);
  expect(sum(heard.bytes)).toBe(1_000);
  const quick = openAt(pair.relay);
  expect(quick.exchange.write(new Uint8Array(800))).toBe(true);
  pair.deliver();
  expect(sum(lastServed(pair).heard.bytes)).toBe(800);
  for (let turn = 0; turn < 10; turn++) {
    exchange.consumed(1_000);
    pair.deliver();
  }
  expect(sum(heard.bytes)).toBe(5_000);
  expect(slow.heard.rooms).toBe(1);
});

test("all exchanges together stop at the tunnel's window, and share what is granted", () => {
  const pair = createPair();
  const asked = [openAt(pair.relay), openAt(pair.relay), openAt(pair.relay)];
  for (const { exchange } of asked) exchange.write(new Uint8Array(2_000));
  pair.deliver();
  expect(sum(pair.served.flatMap(({ heard }) => heard.bytes))).toBe(2_500);
  for (let turn = 0; turn < 10; turn++) {
    for (const { exchange } of pair.served) exchange.consumed(500);
    pair.deliver();
  }
  for (const { heard } of pair.served) expect(sum(heard.bytes)).toBe(2_000);
});

test("what was held for a cancelled exchange is granted anew", () => {
  const pair = createPair();
  for (let turn = 0; turn < 20; turn++) {
    const { exchange } = openAt(pair.relay);
    exchange.write(new Uint8Array(900));
    pair.deliver();
    expect(sum(lastServed(pair).heard.bytes)).toBe(900);
    exchange.cancel("gone");
    pair.deliver();
    expect(lastServed(pair).heard.cancelled).toBe("gone");
  }
  expect(pair.closed).toEqual({});
  expect([pair.nara.count(), pair.relay.count()]).toEqual([0, 0]);
});

test("an exchange too many is turned away, and the tunnel stays", () => {
  const pair = createPair();
  const asked = Array.from({ length: 4 }, () => openAt(pair.nara));
  pair.deliver();
  expect(asked.map(({ heard }) => heard.cancelled)).toEqual([
    undefined,
    undefined,
    undefined,
    "busy",
  ]);
  asked[0]!.exchange.cancel("gone");
  pair.deliver();
  openAt(pair.nara);
  pair.deliver();
  expect(pair.relay.count()).toBe(3);
});

test("an exchange that takes too long is cancelled at both ends", async () => {
  const pair = createPair({ ...small, exchangeTimeoutMs: 10_000 });
  const { heard } = openAt(pair.relay);
  pair.deliver();
  await pair.clock.advance(10_000);
  pair.deliver();
  expect(heard.cancelled).toBe("deadline");
  expect(lastServed(pair).heard.cancelled).toBe("deadline");
  expect(pair.relay.count()).toBe(0);
});

test("an answer before the question is complete ends the question", () => {
  const pair = createPair();
  const { exchange, heard } = openAt(pair.relay);
  exchange.write(new Uint8Array(3_000));
  pair.deliver();
  const served = lastServed(pair);
  served.exchange.respond({ status: 413, fields: [] });
  served.exchange.end();
  pair.deliver();
  expect(heard).toMatchObject({ heads: [413], ended: true, cancelled: undefined });
  expect([pair.nara.count(), pair.relay.count()]).toEqual([0, 0]);
});

test("a silent other end is asked, then given up", async () => {
  const pair = createPair();
  await pair.clock.advance(15_000);
  pair.deliver();
  await pair.clock.advance(15_000);
  pair.deliver();
  expect(pair.closed).toEqual({});
  await pair.clock.advance(15_000);
  expect(pair.toNara.length).toBeGreaterThan(0);
  const { heard } = openAt(pair.relay);
  // From here on nothing is delivered any more.
  await pair.clock.advance(30_000);
  expect(pair.closed.relay).toBe("nothing was heard any more");
  expect(heard.cancelled).toBe("gone");
});

test("an end that does not read its socket loses the tunnel before memory fills", () => {
  const pair = createPair({ ...small, maxUnsentBytes: 4_000 });
  const ping = encodeFrame({ type: "ping", stream: 0, token: 1 })!;
  for (let count = 0; count < 1_000; count++) pair.relay.receive(ping);
  expect(pair.closed.relay).toBe("too slow a reader");
  expect(sum(pair.toNara.map(({ length }) => length))).toBeLessThan(5_000);
});

test("closing says goodbye, and both ends hear that every exchange is gone", () => {
  const pair = createPair();
  const { heard } = openAt(pair.nara);
  pair.deliver();
  pair.relay.close("the relay is going away");
  pair.deliver();
  expect(pair.closed).toEqual({
    nara: "the relay is going away",
    relay: "the relay is going away",
  });
  expect(heard.cancelled).toBe("gone");
  expect(pair.nara.open(ask, hearing().listener)).toBe(undefined);
});

test("whoever breaks the rules loses the tunnel, told why", () => {
  const body = (stream: number, length: number): Frame => ({
    type: "body",
    stream,
    bytes: new Uint8Array(length),
  });
  const request = (stream: number): Frame => ({ type: "request", stream, head: ask });
  const cases: readonly (readonly [string, readonly Frame[]])[] = [
    ["an exchange numbered wrong", [request(2)]],
    ["an exchange numbered wrong", [request(3), request(3)]],
    ["an exchange numbered wrong", [request(3), request(1)]],
    ["an unknown exchange", [body(1, 1)]],
    ["an unknown exchange", [{ type: "end", stream: 4 }]],
    ["more than an exchange was granted", [request(1), body(1, 1_001)]],
    [
      "more than the tunnel was granted",
      [request(1), request(3), request(5), body(1, 1_000), body(3, 1_000), body(5, 501)],
    ],
    ["a body at the wrong time", [request(1), { type: "end", stream: 1 }, body(1, 1)]],
    ["an answer that nobody waits for", [request(1), { type: "response", stream: 1, head: ok }]],
    ["a window that was never used", [{ type: "window", stream: 0, bytes: 1 }]],
    ["a window that was never used", [request(1), { type: "window", stream: 1, bytes: 1 }]],
  ];
  for (const [reason, frames] of cases) {
    const pair = createPair();
    for (const frame of frames) pair.relay.receive(encodeFrame(frame)!);
    expect(pair.closed.relay).toBe(reason);
  }
  const asking = createPair();
  openAt(asking.relay);
  asking.relay.receive(encodeFrame(body(2, 1))!);
  expect(asking.closed.relay).toBe("a body at the wrong time");
});

test("whatever comes in, nothing throws and no more is held than was granted", () => {
  const stream = fc.integer({ min: 0, max: 9 });
  const frame: fc.Arbitrary<Uint8Array | undefined> = fc
    .tuple(
      fc.constantFrom("request", "response", "body", "end", "cancel", "window"),
      stream,
      fc.integer({ min: 1, max: 1_500 }),
    )
    .map(([type, id, size]) => {
      if (type === "request") return encodeFrame({ type, stream: id, head: ask });
      if (type === "response") return encodeFrame({ type, stream: id, head: ok });
      if (type === "body") return encodeFrame({ type, stream: id, bytes: new Uint8Array(size) });
      if (type === "end") return encodeFrame({ type, stream: id });
      if (type === "cancel") return encodeFrame({ type, stream: id, reason: "gone" });
      return encodeFrame({ type: "window", stream: id, bytes: size });
    });
  const input = fc.oneof(
    { weight: 9, arbitrary: frame },
    { weight: 1, arbitrary: fc.uint8Array() },
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 60 }), fc.nat(2), (frames, consume) => {
      const pair = createPair();
      openAt(pair.relay).exchange.write(new Uint8Array(700));
      let held = 0;
      for (const bytes of frames) {
        if (bytes === undefined) continue;
        pair.relay.receive(bytes);
        held = sum(
          pair.served
            .filter(({ heard }) => heard.cancelled === undefined)
            .flatMap(({ heard }) => heard.bytes),
        );
        if (consume === 0) expect(held).toBeLessThanOrEqual(small.tunnelWindowBytes);
        expect(pair.relay.count()).toBeLessThanOrEqual(small.maxStreams + 1);
        if (consume > 0) for (const one of pair.served) one.exchange.consumed(consume * 100);
      }
      pair.relay.close("done");
      expect(pair.relay.count()).toBe(0);
    }),
    { numRuns: 500 },
  );
});
