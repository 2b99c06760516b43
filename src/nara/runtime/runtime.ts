/**
 * The runtime: carries messages between services and the world through the two pipelines, and
 * starts and stops the services. It decides nothing about what naras say.
 */
import { fromUtf8, utf8 } from "../codec/utf8.ts";
import { createLedger, type Ledger } from "../ledger/ledger.ts";
import { maxFrameBytes } from "../limits.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Cancel, KeyPair, PlazaFrame, Ports } from "../ports.ts";
import type { PlazaView } from "../view.ts";
import type { Behaviour } from "./behaviour.ts";
import { createBoundedSet } from "./bounded-set.ts";
import { createCalls } from "./calls.ts";
import { createClockSkew } from "./clock-skew.ts";
import { createDropCounters, type DropCounters, type DropReason } from "./drops.ts";
import { createKeyring, type KeyConflict, type Keyring } from "./keyring.ts";
import { createLoggers, type Loggers } from "./log.ts";
import { type Arrival, type Draft, frozen, type Message } from "./message.ts";
import { prepare, reasonOf, runEmit, runReceive, type Verdict } from "./pipelines.ts";
import { createPlazaConnection } from "./plaza-connection.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createRegistry } from "./registry.ts";
import type { EmitOptions, Handler, Service, ServiceContext, ServiceLife } from "./service.ts";
import { proceed, type ReceiveContext, type Self, type StageTools } from "./stage.ts";
import { createVerifier } from "./verifier.ts";

/** Messages waiting to be heard; the reference's inboxes hold 50 each (presence-and-life §1). */
const maxInbox = 5000;
/** Messages decoded and verified together. */
const batchSize = 256;
/** Verified ids remembered against repetition, beside those in the ledger. */
const maxHeard = 50_000;
/** Authors whose rate is watched at a time. */
const maxRateKeys = 5000;

export interface Runtime {
  readonly me: Self;
  readonly keyring: Keyring;
  readonly ledger: Ledger;
  readonly drops: DropCounters;
  readonly loggers: Loggers;
  /** Starts the services in order, then the plaza. If one refuses, those before it are stopped. */
  start(): Promise<Outcome<void>>;
  /** Stops the services in reverse order, then leaves the plaza. */
  stop(): Promise<void>;
  plaza(): PlazaView;
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
  readonly capacity: number;
  readonly services: readonly Service[];
  onPlaza?(state: PlazaView): void;
  onDrop?(reason: DropReason): void;
  onConflict?(conflict: KeyConflict): void;
}

interface Waiting {
  readonly behaviour: Behaviour | DropReason;
  readonly text: string;
  readonly arrival: Arrival;
  readonly settle: (verdict: Verdict) => void;
}

export function createRuntime(parts: RuntimeParts): Runtime {
  const { ports, me, keyPair } = parts;
  const { clock, random } = ports;
  const keyring = createKeyring(me, parts.onConflict);
  const ledger = createLedger({ capacity: parts.capacity });
  const drops = createDropCounters(parts.onDrop);
  const loggers = createLoggers(ports.log);
  const log = loggers.of("runtime");
  const calls = createCalls(clock);
  const skew = createClockSkew();
  const handlers = new Map<string, { service: string; run: Handler<unknown> }[]>();
  const registry = createRegistry(parts.services.flatMap(({ behaviours }) => behaviours));
  const openListeners: (() => void)[] = [];
  const inbox: Waiting[] = [];
  let pumping: Promise<void> | undefined;

  const deliver = (message: Message): void => {
    for (const { service, run } of handlers.get(handlerKey(message.kind, message.version)) ?? []) {
      const complain = (error: unknown): void =>
        loggers.of(service).error(`while hearing ${message.kind}: ${reasonOf(error)}`);
      try {
        Promise.resolve(run(message)).catch(complain);
      } catch (error) {
        complain(error);
      }
    }
  };

  const tools: StageTools = {
    me,
    keyPair,
    clock,
    keyring,
    ledger,
    heard: createBoundedSet(maxHeard),
    skew,
    verify: createVerifier(ports.crypto),
    publish: (topic, text, qos) => connection.publish(topic, utf8(text), qos),
    sendToPeer(message, text) {
      void ports.mesh.send(message.toId, text).then((why) => {
        if (why !== undefined) calls.cancel(message.id, { type: "not-sent", why });
      });
    },
    allow: createRateLimit(clock, maxRateKeys),
    deliver(message) {
      deliver(message);
      return proceed;
    },
  };

  const emit = <Payload>(
    behaviour: Behaviour<Payload>,
    payload: Payload,
    { to, inReplyTo, tsNs }: EmitOptions = {},
    beforeSending: (id: string) => void = () => {},
  ): Outcome<Message<Payload>> => {
    if (registry.ofKind(behaviour.kind) !== behaviour) {
      return refuse(`unknown message kind: ${behaviour.kind}`);
    }
    const draft: Draft<Payload> = {
      kind: behaviour.kind,
      version: behaviour.version,
      tsNs: tsNs ?? clock.nowNs(),
      from: me.name,
      fromId: me.id,
      to: to?.name ?? "",
      toId: to?.id ?? "",
      inReplyTo: inReplyTo ?? "",
      payload,
    };
    beforeSending(behaviour.envelope.id(draft));
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

  // ── Receiving ─────────────────────────────────────────────────────────────────────────────

  const handle = (verdict: Verdict): Verdict => {
    if (verdict.type !== "accepted") return verdict;
    const { message } = verdict;
    if (message.inReplyTo !== "" && calls.answer(message)) return verdict;
    if (!handlers.has(handlerKey(message.kind, message.version))) {
      return { type: "dropped", reason: "no_handler", kind: message.kind };
    }
    deliver(message);
    return verdict;
  };

  const finish = (waiting: Waiting, verdict: Verdict): void => {
    const final = handle(verdict);
    if (final.type === "dropped") drops.count(final.reason);
    if (final.type === "failed") log.error(`${final.kind}: ${final.error}`);
    waiting.settle(final);
  };

  const open = (waiting: Waiting): ReceiveContext | Verdict => {
    const { behaviour, text, arrival } = waiting;
    if (typeof behaviour === "string") return { type: "dropped", reason: behaviour, kind: "" };
    const topic = arrival.via === "plaza" ? arrival.topic : "";
    const decoded = behaviour.envelope.decode(text, { topic, atNs: clock.nowNs() });
    if (!decoded.ok) return { type: "dropped", reason: decoded.refusal, kind: behaviour.kind };
    const { message, signedBytes } = decoded.value;
    const context: ReceiveContext = {
      message: frozen(message),
      signedBytes,
      behaviour,
      arrival,
      tools,
    };
    const prepared = prepare(context);
    if (prepared.type === "drop") {
      return { type: "dropped", reason: prepared.reason, kind: behaviour.kind };
    }
    if (prepared.type === "fail") {
      return { type: "failed", error: prepared.error, kind: behaviour.kind };
    }
    return context;
  };

  const pump = async (): Promise<void> => {
    while (inbox.length > 0) {
      const batch = inbox
        .splice(0, batchSize)
        .map((waiting) => ({ waiting, opened: open(waiting) }));
      for (const { waiting, opened } of batch) {
        finish(waiting, "type" in opened ? opened : await runReceive(opened));
      }
    }
    pumping = undefined;
  };

  const receive = (
    behaviour: Behaviour | DropReason,
    text: string,
    arrival: Arrival,
  ): Promise<Verdict> =>
    new Promise((settle) => {
      const waiting = { behaviour, text, arrival, settle };
      if (inbox.length >= maxInbox) {
        finish(waiting, { type: "dropped", reason: "inbox_full", kind: "" });
        return;
      }
      inbox.push(waiting);
      pumping ??= Promise.resolve().then(pump);
    });

  const onFrame = ({ topic, payload, retained }: PlazaFrame): void => {
    const arrival: Arrival = { via: "plaza", topic, retained };
    if (payload.length > maxFrameBytes) void receive("too_large", "", arrival);
    else void receive(registry.ofTopic(topic) ?? "wrong_topic", fromUtf8(payload), arrival);
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

  // ── Services ──────────────────────────────────────────────────────────────────────────────

  const setUp = (service: Service): { life: ServiceLife; cancelTimers: Cancel } => {
    const timers = new Set<Cancel>();
    const after = (delayMs: number, task: () => void): Cancel => {
      const cancelTimer = clock.after(delayMs, () => {
        timers.delete(cancel);
        task();
      });
      const cancel = (): void => {
        timers.delete(cancel);
        cancelTimer();
      };
      timers.add(cancel);
      return cancel;
    };
    const context: ServiceContext = {
      me,
      clock,
      random,
      log: loggers.of(service.name),
      ledger,
      keyring,
      on(behaviour, handler, version = behaviour.version) {
        const key = handlerKey(behaviour.kind, version);
        // A handler only ever sees messages of the kind, and so the payload, it was declared for.
        const entry = { service: service.name, run: handler as Handler<unknown> };
        handlers.set(key, [...(handlers.get(key) ?? []), entry]);
      },
      emit,
      async call(behaviour, payload, { to, timeoutMs }) {
        let answer: ReturnType<typeof calls.expect> | undefined;
        let callId = "";
        const sent = emit(behaviour, payload, { to }, (id) => {
          callId = id;
          answer = calls.expect(id, to.id, timeoutMs);
        });
        if (!sent.ok) {
          calls.cancel(callId, { type: "not-sent", why: sent.refusal });
          return answer ?? refuse({ type: "not-sent", why: sent.refusal });
        }
        return answer ?? refuse({ type: "stopped" });
      },
      reply: (to, behaviour, payload) =>
        emit(behaviour, payload, { to: { name: to.from, id: to.fromId }, inReplyTo: to.id }),
      after,
      every(periodMs, task) {
        let cancelNext: Cancel = () => {};
        const next = (): void => {
          cancelNext = after(periodMs(), () => {
            task();
            next();
          });
        };
        next();
        return () => cancelNext();
      },
      onPlazaOpen: (listener) => void openListeners.push(listener),
      plazaIsOpen: () => connection.state().state === "open",
      countDrop: (reason) => drops.count(reason),
    };
    const life = service.setup(context);
    return {
      life,
      cancelTimers() {
        for (const cancel of [...timers]) cancel();
      },
    };
  };

  const running = parts.services.map((service) => ({ service, ...setUp(service) }));
  let started: typeof running = [];

  const stopStarted = async (): Promise<void> => {
    const stopping = started.reverse();
    started = [];
    for (const { service, life, cancelTimers } of stopping) {
      cancelTimers();
      try {
        await life.stop?.();
      } catch (error) {
        loggers.of(service.name).error(`while stopping: ${reasonOf(error)}`);
      }
    }
    calls.cancelAll();
  };

  return {
    me,
    keyring,
    ledger,
    drops,
    loggers,
    async start() {
      for (const entry of running) {
        let outcome: Outcome<void>;
        try {
          outcome = (await entry.life.start?.()) ?? accept(undefined);
        } catch (error) {
          outcome = refuse(reasonOf(error));
        }
        if (!outcome.ok) {
          entry.cancelTimers();
          await stopStarted();
          return refuse(`${entry.service.name} could not start: ${outcome.refusal}`);
        }
        started.push(entry);
      }
      connection.start();
      return accept(undefined);
    },
    async stop() {
      await stopStarted();
      await connection.stop();
    },
    plaza: () => connection.state(),
    clockSkewMs: skew.medianMs,
    hear: (text) => receive(registry.ofMessage(text), text, { via: "mesh" }),
    async settled() {
      while (pumping !== undefined) await pumping;
    },
  };
}

const handlerKey = (kind: string, version: number): string => `${kind} v${version}`;
