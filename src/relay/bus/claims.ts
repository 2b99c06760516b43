/**
 * One name, one key, across relays: a relay listens for every name that it has granted and objects
 * when another asks for it with another key (docs/decisions/bus.md). Says and hears JSON:
 *
 * | message | to | fields |
 * |---|---|---|
 * | ask | the name's subject | `relay`, `key`; answered by whoever knows the name |
 * | answer | the inbox of who asked | `relay`, `key`, `granted`: false while it asks itself |
 * | here | the name's subject | `relay`, `key`: the key's newest tunnel is there |
 */
import * as v from "valibot";
import { fromUtf8, utf8 } from "../../nara/codec/utf8.ts";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { Cancel, Clock } from "../../nara/ports.ts";
import { type Broker, type BrokerMessage, isInboxSubject, subjects } from "./broker.ts";
import type { Bus, ClaimRefusal } from "./bus.ts";
import type { Inbox } from "./inbox.ts";
import { claimWaitMs } from "./limits.ts";

export interface ClaimsParts {
  readonly broker: Broker;
  readonly inbox: Inbox;
  readonly clock: Clock;
  /** This relay's id. */
  readonly relay: string;
}

interface Pin {
  readonly key: string;
  granted: boolean;
  onMoved: () => void;
  readonly stopListening: Cancel;
  /** Ends the asking. */
  decide: (verdict: "granted" | ClaimRefusal) => void;
  asking: Promise<Outcome<undefined, ClaimRefusal>>;
}

const relayId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const key = v.pipe(v.string(), v.maxLength(64));
const Said = v.variant("type", [
  v.object({ type: v.literal("ask"), relay: relayId, key }),
  v.object({ type: v.literal("answer"), relay: relayId, key, granted: v.boolean() }),
  v.object({ type: v.literal("here"), relay: relayId, key }),
]);
type Said = v.InferOutput<typeof Said>;

export function createClaims(parts: ClaimsParts): Pick<Bus, "claim" | "forget"> {
  const { broker, inbox, clock, relay } = parts;
  const pins = new Map<string, Pin>();
  const say = (subject: string, said: Said, reply?: string): void =>
    broker.publish(subject, utf8(JSON.stringify(said)), reply);
  const sayHere = (name: string, key: string): void =>
    say(subjects.name(name), { type: "here", relay, key });

  const drop = (name: string, pin: Pin): void => {
    pin.stopListening();
    if (pins.get(name) === pin) pins.delete(name);
  };
  /** Of two relays that ask at once, the one with the lower id goes first. */
  const goesFirst = (other: string): boolean => other < relay;

  const hear = (name: string, message: BrokerMessage): void => {
    const pin = pins.get(name);
    const said = read(message.bytes);
    if (pin === undefined || said === undefined) return;
    if (said.type === "here" && said.key === pin.key && pin.granted) pin.onMoved();
    if (said.type !== "ask" || message.reply === undefined) return;
    if (!isInboxSubject(message.reply)) return;
    const { granted } = pin;
    say(`${message.reply}.${relay}`, { type: "answer", relay, key: pin.key, granted });
    if (!granted && said.key !== pin.key && goesFirst(said.relay)) pin.decide("taken");
  };

  const ask = (name: string, key: string, onMoved: () => void): Pin => {
    let resolve: (outcome: Outcome<undefined, ClaimRefusal>) => void = () => {};
    const asking = new Promise<Outcome<undefined, ClaimRefusal>>((done) => {
      resolve = done;
    });
    const pin: Pin = {
      key,
      granted: false,
      onMoved,
      // Listens before it asks: of two who ask at once at least one hears the other.
      stopListening: broker.subscribe(subjects.name(name), (message) => hear(name, message)),
      asking,
      decide: (verdict) => {
        if (pin.granted) return;
        stopWaiting();
        answers.close();
        if (verdict !== "granted") {
          drop(name, pin);
          return resolve(refuse(verdict));
        }
        pin.granted = true;
        sayHere(name, key);
        resolve(accept(undefined));
      },
    };
    const answers = inbox.open((message) => {
      if (message.nobody) return pin.decide("granted");
      const said = read(message.bytes);
      if (said?.type !== "answer" || said.key === key) return;
      if (said.granted || goesFirst(said.relay)) pin.decide("taken");
    });
    const stopWaiting = clock.after(claimWaitMs, () =>
      pin.decide(broker.isOpen() ? "granted" : "unasked"),
    );
    pins.set(name, pin);
    say(subjects.name(name), { type: "ask", relay, key }, answers.subject);
    return pin;
  };

  return {
    claim: async (name, key, onMoved) => {
      const known = pins.get(name);
      if (known !== undefined) {
        if (known.key !== key) return refuse("taken");
        known.onMoved = onMoved;
        if (known.granted) sayHere(name, key);
        return known.asking;
      }
      if (!broker.isOpen()) return refuse("unasked");
      return ask(name, key, onMoved).asking;
    },
    forget: (name) => {
      const pin = pins.get(name);
      if (pin === undefined) return;
      drop(name, pin);
      pin.decide("unasked");
    },
  };
}

function read(bytes: Uint8Array): Said | undefined {
  if (bytes.length > 1_000) return undefined;
  try {
    const parsed = v.safeParse(Said, JSON.parse(fromUtf8(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
