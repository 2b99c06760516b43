/**
 * The runtime: carries messages between services and the world through the two pipelines, and
 * starts and stops the services. It decides nothing about what naras say.
 */
import { fromUtf8, utf8 } from "../codec/utf8.ts";
import { createLedger, type Ledger } from "../ledger/ledger.ts";
import { createListeners } from "../ledger/listeners.ts";
import { maxFrameBytes } from "../limits.ts";
import { createMesh, type Mesh } from "../mesh/mesh.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { KeyPair, PlazaFrame, Ports } from "../ports.ts";
import { createProjections, type Projections } from "../projections/projections.ts";
import type { Judge } from "../projections/social-weight.ts";
import { createGate, type Gate } from "../trust/gate.ts";
import { createIntake, type Intake } from "../trust/intake.ts";
import type { PlazaView } from "../view.ts";
import type { Behaviour } from "./behaviour.ts";
import { createBoundedSet } from "./bounded-set.ts";
import { type CallOutcome, createCalls } from "./calls.ts";
import { createClockSkew } from "./clock-skew.ts";
import { createDropCounters, type DropCounters, type DropReason } from "./drops.ts";
import { createHandlers } from "./handlers.ts";
import { createInbox } from "./inbox.ts";
import { createKeyring, type KeyConflict, type Keyring } from "./keyring.ts";
import { createLoggers, type Loggers } from "./log.ts";
import type { Arrival, Draft, Message } from "./message.ts";
import { runEmit, type Verdict } from "./pipelines.ts";
import { createPlazaConnection } from "./plaza-connection.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createRegistry } from "./registry.ts";
import type { EmitOptions, Handler, Service, ServiceContext, TakenEvent } from "./service.ts";
import { createServiceHost } from "./service-host.ts";
import { proceed, type Self, type StageTools } from "./stage.ts";
import type { Timers } from "./timers.ts";
import { createVerifier } from "./verifier.ts";

/** Verified ids remembered against repetition, beside those in the ledger. */
const maxHeard = 50_000;
/** Ids of what others told of others: what is told in five minutes (events-and-ledger §7), and more. */
const maxSecondHand = 20_000;
/** Authors whose rate is watched at a time. */
const maxRateKeys = 5000;

export interface Runtime {
  readonly me: Self;
  readonly keyring: Keyring;
  readonly ledger: Ledger;
  readonly projections: Projections;
  readonly mesh: Mesh;
  readonly gate: Gate;
  readonly intake: Intake;
  /** It came from somebody else than its author, not long ago. */
  isSecondHand(id: string): boolean;
  readonly drops: DropCounters;
  readonly loggers: Loggers;
  /** Starts the services in order, then the plaza. If one refuses, those before it are stopped. */
  start(): Promise<Outcome<void>>;
  /** Stops the services in reverse order, the last one before it returns; then leaves the plaza. */
  stop(): Promise<void>;
  plaza(): PlazaView;
  /** Stays on the plaza, or leaves it alone from now on and says why, for a person. */
  keepToPlaza(isWanted: boolean, reason?: string): void;
  /** See `ClockSkew`. */
  clockSkewMs(): number | null;
  /** A runtime message that came over the mesh. */
  hear(text: string): Promise<Verdict>;
  /** Resolves when everything heard so far has had its effect. */
  settled(): Promise<void>;
}

export interface RuntimeParts {
  readonly ports: Ports;
  readonly keyPair: KeyPair;
  readonly me: Self;
  /** In whose eyes others have clout: me, as I am by birth. */
  readonly judge: Judge;
  /** Of the ledger, in events. */
  readonly capacity: number;
  readonly services: readonly Service[];
  /** It asks nothing, and says nothing but answers. */
  isSilent?(): boolean;
  onPlaza?(state: PlazaView): void;
  onDrop?(reason: DropReason): void;
  onConflict?(conflict: KeyConflict): void;
  /** Somebody's words were told whose key I lack. */
  onUnknown?(name: string): void;
}

export function createRuntime(parts: RuntimeParts): Runtime {
  const { ports, me, keyPair } = parts;
  const { clock, random } = ports;
  const keyring = createKeyring(me, parts.onConflict);
  const ledger = createLedger({
    capacity: parts.capacity,
    isKnown: (name) => keyring.keyOf(name) !== undefined,
  });
  const projections = createProjections(ledger, parts.judge, clock);
  const drops = createDropCounters(parts.onDrop);
  const loggers = createLoggers(ports.log);
  const log = loggers.of("runtime");
  const calls = createCalls(clock);
  const skew = createClockSkew();
  const mesh = createMesh({
    transport: ports.mesh,
    me: { name: me.name, keyPair },
    keyring,
    clock,
    crypto: ports.crypto,
    isSilent: () => parts.isSilent?.() === true,
    countDrop: drops.count,
    noteSkew: skew.note,
  });
  const gate = createGate({
    ...ports,
    keyring,
    me: me.name,
    onUnknown: (name) => parts.onUnknown?.(name),
  });
  const takers = createListeners<TakenEvent>();
  const secondHand = createBoundedSet(maxSecondHand);
  const intake = createIntake({
    gate,
    ledger,
    clock,
    personality: parts.judge.personality,
    countDrop: drops.count,
    onTaken(event, source) {
      if ("from" in source && source.from !== event.emitter) secondHand.add(event.id);
      takers.tell({ event, source });
    },
  });
  const handlers = createHandlers(loggers);
  const registry = createRegistry(parts.services.flatMap(({ behaviours }) => behaviours));
  const openListeners: (() => void)[] = [];
  let hasStarted = false;
  let hasStopped = false;
  let isPlazaWanted = true;

  const tools: StageTools = {
    me,
    personality: parts.judge.personality,
    keyPair,
    clock,
    keyring,
    ledger,
    skew,
    heard: createBoundedSet(maxHeard),
    verify: createVerifier(ports.crypto),
    allow: createRateLimit(clock, maxRateKeys),
    publish: (topic, text, qos) => connection.publish(topic, utf8(text), qos),
    sendToPeer(message, text) {
      void mesh.client.message(message.toId, text, message.to).then((why) => {
        if (why !== undefined) calls.cancel(message.id, { type: "not-sent", why });
      });
    },
    deliver(message) {
      handlers.deliver(message);
      return proceed;
    },
  };

  // ── Emitting ──────────────────────────────────────────────────────────────────────────────

  const draftOf = <Payload>(
    behaviour: Behaviour<Payload>,
    payload: Payload,
    { to, inReplyTo, tsNs }: EmitOptions,
  ): Draft<Payload> => ({
    kind: behaviour.kind,
    version: behaviour.version,
    tsNs: tsNs ?? clock.nowNs(),
    from: me.name,
    fromId: me.id,
    to: to?.name ?? "",
    toId: to?.id ?? "",
    inReplyTo: inReplyTo ?? "",
    payload,
  });

  const send = <Payload>(
    behaviour: Behaviour<Payload>,
    draft: Draft<Payload>,
  ): Outcome<Message<Payload>> => {
    if (registry.ofKind(behaviour.kind) !== behaviour) {
      return refuse(`unknown message kind: ${behaviour.kind}`);
    }
    if (draft.inReplyTo === "" && parts.isSilent?.() === true) {
      return refuse("this nara only listens just now");
    }
    const outcome = runEmit(behaviour, draft, tools);
    if (outcome.ok) return outcome;
    const { refusal } = outcome;
    if (refusal.type === "drop") {
      drops.count(refusal.reason);
      return refuse(refusal.reason);
    }
    log.warn(`could not say ${behaviour.kind}: ${refusal.error}`);
    return refuse(refusal.error);
  };

  const emit: ServiceContext["emit"] = (behaviour, payload, options = {}) =>
    send(behaviour, draftOf(behaviour, payload, options));

  const call: ServiceContext["call"] = (behaviour, payload, { to, timeoutMs }) => {
    const draft = draftOf(behaviour, payload, { to });
    const id = behaviour.envelope.id(draft);
    // Registered first: in one process the answer may come while the message is being sent.
    const answer: Promise<CallOutcome> = calls.expect(id, to.id, timeoutMs);
    const sent = send(behaviour, draft);
    if (!sent.ok) calls.cancel(id, { type: "not-sent", why: sent.refusal });
    return answer;
  };

  // ── Receiving ─────────────────────────────────────────────────────────────────────────────

  /** An answer goes to who asked, anything else to who listens. */
  const handOver = (message: Message): Verdict => {
    if (message.inReplyTo === "" || !calls.answer(message)) {
      if (!handlers.hear(message)) {
        return { type: "dropped", reason: "no_handler", kind: message.kind };
      }
      handlers.deliver(message);
    }
    return { type: "accepted", message };
  };

  const inbox = createInbox({
    clock,
    tools,
    finish(verdict) {
      const final = verdict.type === "accepted" ? handOver(verdict.message) : verdict;
      if (final.type === "dropped") drops.count(final.reason);
      if (final.type === "failed") log.error(`${final.kind}: ${final.error}`);
      return final;
    },
  });

  const onFrame = ({ topic, payload, retained }: PlazaFrame): void => {
    const arrival: Arrival = { via: "plaza", topic, retained };
    if (payload.length > maxFrameBytes) void inbox.receive("too_large", "", arrival);
    else void inbox.receive(registry.ofTopic(topic) ?? "wrong_topic", fromUtf8(payload), arrival);
  };

  const connection = createPlazaConnection({
    plaza: ports.plaza,
    clock,
    random,
    clientId: me.name,
    filters: registry.filters,
    onFrame,
    onOpen() {
      for (const listener of openListeners) listener();
    },
    onState: (state) => parts.onPlaza?.(state),
    onSubscribeRefused: (filter) => log.warn(`the plaza refuses to let me listen to ${filter}`),
  });

  const contextFor = ({ name }: Service, { after, every }: Timers): ServiceContext => ({
    me,
    clock,
    random,
    log: loggers.of(name),
    ledger,
    projections,
    keyring,
    mesh,
    take: intake.take,
    onTaken: takers.add,
    isSecondHand: secondHand.has,
    on(behaviour, handler, version = behaviour.version) {
      // A handler only ever sees messages of the kind, and so the payload, it was declared for.
      handlers.add(behaviour.kind, version, name, handler as Handler<unknown>);
    },
    emit,
    call,
    reply: (to, behaviour, payload) =>
      emit(behaviour, payload, { to: { name: to.from, id: to.fromId }, inReplyTo: to.id }),
    after,
    every,
    onPlazaOpen: (listener) => void openListeners.push(listener),
    plazaIsOpen: () => connection.state().state === "open",
    countDrop: drops.count,
  });

  const services = createServiceHost({ services: parts.services, clock, loggers, contextFor });

  return {
    me,
    keyring,
    ledger,
    projections,
    mesh,
    gate,
    intake,
    isSecondHand: secondHand.has,
    drops,
    loggers,
    async start() {
      const outcome = await services.start();
      hasStarted = outcome.ok;
      if (outcome.ok && !hasStopped) {
        if (isPlazaWanted) connection.start();
      } else if (outcome.ok) await services.stop();
      return outcome.ok ? accept(undefined) : outcome;
    },
    async stop() {
      hasStopped = true;
      await services.stop();
      calls.cancelAll();
      await connection.stop();
    },
    plaza: () => connection.state(),
    keepToPlaza(isWanted, reason = "the plaza is left alone") {
      isPlazaWanted = isWanted;
      if (!isWanted) connection.leave(reason);
      else if (hasStarted && !hasStopped) connection.start();
    },
    clockSkewMs: skew.medianMs,
    hear: (text) => inbox.receive(registry.ofMessage(text), text, { via: "mesh" }),
    settled: inbox.settled,
  };
}
