/** The bus over a message broker: exchanges between relays. Claims on names are in claims.ts. */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Cancel, Clock, Random } from "../../nara/ports.ts";
import type { RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import { type Broker, type BrokerMessage, isInboxSubject, subjects } from "./broker.ts";
import type { Bus, Hold, Opener, ServeFromBus } from "./bus.ts";
import { createClaims } from "./claims.ts";
import { createInbox } from "./inbox.ts";
import {
  busStreamLimits,
  maxAnswerBytes,
  maxBusExchanges,
  maxQuestionBytes,
  probeTimeoutMs,
} from "./limits.ts";
import { createLink, type Link, numberOf, refusal } from "./link.ts";

export interface BrokerBusParts {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly random: Random;
}

/** Whom we hold: one subscription, for as long as anything of it lasts. */
interface Held {
  /** Undefined once released. */
  by: { readonly serve: ServeFromBus } | undefined;
  open: number;
  readonly stopListening: Cancel;
}

/** A probe, "do you hold it?", and the answer, "yes", are messages of nothing. */
const nothing = new Uint8Array();

export function createBrokerBus(parts: BrokerBusParts): Bus {
  const { broker, clock } = parts;
  const relay = bytesToHex(parts.random.bytes(8));
  const inbox = createInbox(broker, relay);
  const claims = createClaims({ broker, inbox, clock, relay });
  const holds = new Map<string, Held>();
  const asked = new Set<Link>();
  /** By where their answers go. */
  const served = new Map<string, Link>();

  broker.onLost(() => {
    for (const link of [...asked, ...served.values()]) link.streams.lost("the bus was lost");
  });

  const open = (
    whom: string,
    head: RequestHead,
    listener: ExchangeListener,
    options?: { readonly timeoutMs?: number },
  ): Exchange | undefined => {
    const crowded = broker.unsentBytes() * 2 > busStreamLimits.maxUnsentBytes;
    if (!broker.isOpen() || crowded || asked.size >= maxBusExchanges) return undefined;
    const to = subjects.holder(whom);
    /** Two relays may believe that they hold it: the one that answers first does. */
    let holder: string | undefined;
    const replies = inbox.open((message, from) => {
      if (message.nobody) link.streams.receive(refusal("unreachable").subarray(4));
      else {
        holder ??= from;
        if (from === holder) link.receive(message.bytes);
      }
      endWhenDone();
    });
    const link = createLink({
      side: "nara",
      clock,
      send: (message) => broker.publish(to, message, replies.subject),
      unsentBytes: broker.unsentBytes,
      serve: (_, exchange) => {
        exchange.cancel("forbidden");
        return deaf;
      },
      onClosed: () => {
        replies.close();
        asked.delete(link);
      },
    });
    const endWhenDone = (): void => {
      if (link.streams.count() === 0) link.streams.close("done");
    };
    asked.add(link);
    const exchange: Exchange | undefined = link.streams.open(
      head,
      atMost(maxAnswerBytes, watched(listener, endWhenDone), () => exchange?.cancel("too large")),
      options,
    );
    endWhenDone();
    return exchange === undefined ? undefined : watchedExchange(exchange, endWhenDone);
  };

  const serveLink = (held: Held, reply: string): Link => {
    const link: Link = createLink({
      side: "relay",
      clock,
      send: (message) => broker.publish(`${reply}.${relay}`, message),
      unsentBytes: broker.unsentBytes,
      serve: (head, exchange) => {
        if (held.by === undefined) {
          exchange.cancel("unreachable");
          return deaf;
        }
        const listener = held.by.serve(head, exchange);
        return atMost(maxQuestionBytes, listener, () => exchange.cancel("too large"));
      },
      onClosed: () => {
        served.delete(reply);
        held.open -= 1;
        settle(held);
      },
    });
    served.set(reply, link);
    held.open += 1;
    return link;
  };
  const settle = (held: Held): void => {
    if (held.by !== undefined || held.open > 0) return;
    held.stopListening();
    for (const [whom, one] of holds) if (one === held) holds.delete(whom);
  };
  const hear = (held: Held, { bytes, reply }: BrokerMessage) => {
    if (reply === undefined || !isInboxSubject(reply)) return;
    const link = served.get(reply);
    if (link !== undefined) return link.receive(bytes);
    const say = (message: Uint8Array): void => broker.publish(`${reply}.${relay}`, message);
    if (held.by === undefined) return say(refusal("unreachable"));
    if (bytes.length === 0) return say(nothing);
    if (numberOf(bytes) !== 0) return say(refusal("gone"));
    if (served.size >= maxBusExchanges) return say(refusal("busy"));
    serveLink(held, reply).receive(bytes);
  };

  const listenFor = (whom: string): Held => {
    const held: Held = {
      by: undefined,
      open: 0,
      stopListening: broker.subscribe(subjects.holder(whom), (message) => hear(held, message)),
    };
    holds.set(whom, held);
    return held;
  };
  const hold = (whom: string, serve: ServeFromBus): Hold => {
    const by = { serve };
    const held = holds.get(whom) ?? listenFor(whom);
    held.by = by;
    return {
      ready: broker.settled(),
      release: () => {
        if (held.by !== by) return;
        held.by = undefined;
        settle(held);
      },
    };
  };

  return {
    address: broker.address,
    hold,
    isHeld: (whom) =>
      new Promise((resolve) => {
        if (!broker.isOpen()) return resolve(false);
        const answer = (isHeld: boolean) => {
          stopWaiting();
          replies.close();
          resolve(isHeld);
        };
        const stopWaiting = clock.after(probeTimeoutMs, () => answer(false));
        const replies = inbox.open(({ nobody, bytes }) => answer(!nobody && bytes.length === 0));
        broker.publish(subjects.holder(whom), nothing, replies.subject);
      }),
    towards: (whom): Opener => ({
      open: (head, listener, options) => open(whom, head, listener, options),
    }),
    ...claims,
    count: () => asked.size + served.size,
    stop: async () => {
      for (const link of [...asked, ...served.values()]) {
        link.streams.close("the relay is going away");
      }
      inbox.stop();
      await broker.close();
    },
  };
}

/** A listener that hears no more than so many bytes of body. */
function atMost(maxBytes: number, inner: ExchangeListener, cancel: () => void): ExchangeListener {
  let bytes = 0;
  return {
    ...inner,
    onBody: (piece) => {
      bytes += piece.length;
      if (bytes <= maxBytes) return inner.onBody(piece);
      cancel();
      inner.onCancel("too large");
    },
  };
}

/** Looks after an exchange's end whenever something may have ended it. */
const watched = (inner: ExchangeListener, look: () => void): ExchangeListener => ({
  ...inner,
  onCancel: (reason) => {
    inner.onCancel(reason);
    look();
  },
});
const watchedExchange = (inner: Exchange, look: () => void): Exchange => ({
  ...inner,
  end: () => {
    inner.end();
    look();
  },
  cancel: (reason) => {
    inner.cancel(reason);
    look();
  },
  consumed: (bytes) => {
    inner.consumed(bytes);
    look();
  },
});

const deaf: ExchangeListener = {
  onBody: () => {},
  onEnd: () => {},
  onRoom: () => {},
  onCancel: () => {},
};
