/**
 * Services: what a nara does. A service holds business logic only; keys, sockets, timers and
 * JSON are the runtime's.
 */
import type { SyncEvent } from "../events/sync-event.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Mesh } from "../mesh/mesh.ts";
import type { Outcome } from "../outcome.ts";
import type { Cancel, Clock, Random } from "../ports.ts";
import type { Projections } from "../projections/projections.ts";
import type { Intake } from "../trust/intake.ts";
import type { Source } from "../trust/judgement.ts";
import type { Behaviour } from "./behaviour.ts";
import type { CallOutcome } from "./calls.ts";
import type { DropReason } from "./drops.ts";
import type { Keyring } from "./keyring.ts";
import type { Logger } from "./log.ts";
import type { Message } from "./message.ts";
import type { Self } from "./stage.ts";

/** Whom a message is for. */
export interface Addressee {
  readonly name: string;
  readonly id: string;
}

export interface EmitOptions {
  readonly to?: Addressee;
  readonly inReplyTo?: string;
  /** The time it is said at; now, unless it must equal another's. */
  readonly tsNs?: bigint;
}

export interface CallOptions {
  readonly to: Addressee;
  readonly timeoutMs: number;
}

/** An error here is logged and counted; the message has had its effect up to it. */
export type Handler<Payload> = (message: Message<Payload>) => void | Promise<void>;

/** An event that came past the plaza. */
export interface TakenEvent {
  readonly event: SyncEvent;
  readonly source: Source;
}

/** What the runtime offers a service. */
export interface ServiceContext {
  readonly me: Self;
  readonly clock: Pick<Clock, "nowNs" | "monotonicMs">;
  readonly random: Random;
  readonly log: Logger;
  readonly ledger: Ledger;
  /** What follows from the ledger, up to date whenever it is asked. */
  readonly projections: Omit<Projections, "stop">;
  readonly keyring: Keyring;
  /** The way to single peers. */
  readonly mesh: Mesh;
  /** Takes in events that were told, by the gate and the rules that hold on every path. */
  readonly take: Intake["take"];
  /** Calls `listener` after each event that `take` remembers, whoever asked for it. */
  onTaken(listener: (taken: TakenEvent) => void): Cancel;
  /** It came from somebody else than its author, not long ago. */
  isSecondHand(id: string): boolean;
  /** Listens to a kind, in one version (the current one unless said). */
  on<Payload>(behaviour: Behaviour<Payload>, handler: Handler<Payload>, version?: number): void;
  /** Sends a message through the emit pipeline. */
  emit<Payload>(
    behaviour: Behaviour<Payload>,
    payload: Payload,
    options?: EmitOptions,
  ): Outcome<Message<Payload>>;
  /** Sends a message to one peer and waits for its answer. */
  call<Payload>(
    behaviour: Behaviour<Payload>,
    payload: Payload,
    options: CallOptions,
  ): Promise<CallOutcome>;
  /** Answers a message. */
  reply<Payload>(
    to: Message,
    behaviour: Behaviour<Payload>,
    payload: Payload,
  ): Outcome<Message<Payload>>;
  /** Runs a task later; forgotten when the service stops. */
  after(delayMs: number, task: () => void): Cancel;
  /** Runs a task again and again, `periodMs()` apart, until the service stops. */
  every(periodMs: () => number, task: () => void): Cancel;
  /** Called whenever the plaza has opened and all places are subscribed. */
  onPlazaOpen(listener: () => void): void;
  plazaIsOpen(): boolean;
  /** Counts something refused by a rule of the service's own. */
  countDrop(reason: DropReason): void;
}

/** What a service's setup may give back. Start may refuse, then everything is rolled back. */
export interface ServiceLife {
  start?(): Outcome<void> | Promise<Outcome<void>>;
  /** Says goodbye. Called once, also when a later service failed to start. */
  stop?(): void | Promise<void>;
}

export interface Service {
  readonly name: string;
  readonly behaviours: readonly Behaviour[];
  setup(nara: ServiceContext): ServiceLife;
}

/** Declares a service. `setup` registers handlers and keeps the service's state in its closure. */
export function service(
  name: string,
  behaviours: readonly Behaviour[],
  setup: (nara: ServiceContext) => ServiceLife,
): Service {
  return { name, behaviours, setup };
}
