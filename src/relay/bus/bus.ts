/**
 * What relays say to each other, when there are several: who holds whom, whose name is whose, and
 * the exchanges between a nara here and one there. Nobody keeps a list of who is where: whoever
 * holds a nara listens for it, and asking it is asking whoever listens (docs/decisions/bus.md).
 *
 * `whom` is either a nara's name or its mesh address as announced (`host:port`); a name never has a
 * colon and an address always has one, so they cannot be taken for each other. Names are compared
 * as they are, addresses should be given in lower case.
 */
import { accept, type Outcome } from "../../nara/outcome.ts";
import type { RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener, Streams } from "../../tunnel/streams.ts";

/** Something that exchanges can be opened at: a tunnel here, a nara at another relay. */
export type Opener = Pick<Streams, "open">;

/** Answers what another relay asks for one of ours, as a tunnel's `serve` does. */
export type ServeFromBus = (head: RequestHead, exchange: Exchange) => ExchangeListener;

export interface Hold {
  /** Resolves when the other relays can find it. Never rejects. */
  readonly ready: Promise<void>;
  /** Exchanges that run go on to their end. */
  release(): void;
}

/**
 * | refusal | meaning |
 * |---|---|
 * | taken | the name belongs to another key at another relay |
 * | unasked | the other relays cannot be asked just now, and we never had the name ourselves |
 */
export type ClaimRefusal = "taken" | "unasked";

export interface Bus {
  /** For a person: `nats://host:port`, without its password, or `none`. */
  readonly address: string;
  /** From now on the other relays reach `whom` through `serve`; a later hold takes its place. */
  hold(whom: string, serve: ServeFromBus): Hold;
  /** Whether another relay holds it. False also when the bus is not there. Never rejects. */
  isHeld(whom: string): Promise<boolean>;
  /**
   * The way to `whom` at another relay. `open` behaves as that of a tunnel: undefined for a head
   * that cannot travel, while the bus is not there, and when too many exchanges are open here.
   * Everything else is told to the listener, never before `open` has returned:
   *
   * | `onCancel` | when |
   * |---|---|
   * | unreachable | no other relay holds it |
   * | busy | too many exchanges there |
   * | deadline | `timeoutMs`, or the 60 s of any exchange, have passed |
   * | too large | a question above 4 MB, an answer above 16 MB |
   * | gone | the other relay or the bus went away in the middle |
   */
  towards(whom: string): Opener;
  /**
   * Asks the other relays whether `key` may have `name` here. Whoever came first keeps it. Once
   * granted we answer for the name too, until `forget`. Never rejects.
   *
   * @param key as it is compared: base64 of the public key.
   * @param onMoved the same key has since opened the name at another relay: the tunnel here is the
   *   older one. May be called more than once.
   */
  claim(name: string, key: string, onMoved: () => void): Promise<Outcome<undefined, ClaimRefusal>>;
  /** The name is nobody's any more here: its key has not been seen for long enough. */
  forget(name: string): void;
  /** Exchanges with other relays that are open. */
  count(): number;
  /** Cancels what is open. */
  stop(): Promise<void>;
}

/** One relay alone: nobody else to ask. */
export const noBus: Bus = {
  address: "none",
  hold: () => ({ ready: Promise.resolve(), release: () => {} }),
  isHeld: async () => false,
  towards: () => ({ open: () => undefined }),
  claim: async () => accept(undefined),
  forget: () => {},
  count: () => 0,
  stop: async () => {},
};
