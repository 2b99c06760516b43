import { expect, test } from "vitest";
import { createVirtualClock } from "../../nara/testing/virtual-clock.ts";
import {
  createStreams,
  type Exchange,
  type ExchangeListener,
  type Streams,
  type StreamsParts,
} from "../../tunnel/streams.ts";
import { passOn } from "./neighbours.ts";

const clock = createVirtualClock();
const head = { method: "GET", authority: "bob:80", target: "/", fields: [] } as const;
const deaf: ExchangeListener = {
  onBody: () => {},
  onEnd: () => {},
  onRoom: () => {},
  onCancel: () => {},
};

/** Both ends of a tunnel, joined without a socket. */
function tunnel(serveAtRelay: StreamsParts["serve"], serveAtNara: StreamsParts["serve"]) {
  const end = (side: "nara" | "relay", serve: StreamsParts["serve"], other: () => Streams) =>
    createStreams({
      side,
      clock,
      serve,
      wire: {
        send: (frame) => other().receive(frame),
        unsentBytes: () => 0,
        close: () => {},
      },
      onClosed: () => {},
    });
  const relay: Streams = end("relay", serveAtRelay, () => nara);
  const nara: Streams = end("nara", serveAtNara, () => relay);
  return { relay, nara };
}

test("an answer that ends while its asker still reads leaves nothing behind", () => {
  const answer = new Uint8Array(300 * 1024);
  const bob = tunnel(
    () => deaf,
    (_, exchange) => ({
      ...deaf,
      onEnd: () => {
        exchange.respond({ status: 200, fields: [] });
        exchange.write(answer);
        exchange.end();
      },
    }),
  );
  const alice = tunnel(
    (asked, exchange) => passOn(asked, exchange, bob.relay, () => {}),
    () => deaf,
  );
  let unread = 0;
  let isOver = false;
  const exchange: Exchange | undefined = alice.nara.open(head, {
    ...deaf,
    onBody: (bytes) => {
      unread += bytes.length;
    },
    onEnd: () => {
      isOver = true;
    },
  });
  exchange?.end();
  expect(unread).toBe(256 * 1024);
  expect(isOver).toBe(false);

  exchange?.consumed(unread);
  expect(isOver).toBe(true);
  exchange?.consumed(answer.length - 256 * 1024);
  expect([bob.relay, bob.nara, alice.relay, alice.nara].map((end) => end.count())).toEqual([
    0, 0, 0, 0,
  ]);
  expect(bob.relay.heldBytes()).toBe(0);
});
