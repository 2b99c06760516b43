/**
 * A world of naras in one process: virtual time, one seed for all that is random, one plaza, one
 * mesh, and the weather between them.
 */
import { encodeBase64 } from "../src/nara/codec/base64.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { type MemoryMode, memoryProfile } from "../src/nara/identity/memory-mode.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import type { Crypto, Plaza } from "../src/nara/ports.ts";
import { createAwaitedCrypto } from "../src/nara/testing/awaited-crypto.ts";
import { createInMemoryMesh } from "../src/nara/testing/in-memory-mesh.ts";
import { createInMemoryPlaza } from "../src/nara/testing/in-memory-plaza.ts";
import { createSeededRandom, type SeededRandom } from "../src/nara/testing/seeded-random.ts";
import { createSimulatedCrypto } from "../src/nara/testing/simulated-crypto.ts";
import {
  createVirtualClock,
  type Span,
  toMs,
  type VirtualClock,
} from "../src/nara/testing/virtual-clock.ts";
import { type Conditions, createWeather, type Weather } from "../src/nara/testing/weather.ts";
import { type Census, createCensus } from "./census.ts";
import { createDweller, type Dweller } from "./dweller.ts";
import { createJudge, type Judge } from "./judge.ts";
import { createMallory } from "./mallory.ts";
import { createTrace, type Trace } from "./trace.ts";

export interface WorldSettings {
  readonly seed: number | string;
  readonly conditions?: Partial<Conditions>;
  /** Real Ed25519 in place of cheap signatures. */
  readonly crypto?: Crypto;
  /** Somebody forges what it heard, about twice a minute; so it does unless this says false. */
  readonly mallory?: boolean;
  /** Each time the judge has looked. @param virtualMs since the world began. */
  onLook?(virtualMs: number): void;
}

export interface World {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly weather: Weather;
  readonly crypto: Crypto;
  readonly judge: Judge;
  readonly census: Census;
  readonly trace: Trace;
  readonly dwellers: readonly Dweller[];
  /** What any nara logged as an error. */
  readonly errors: readonly string[];
  dweller(name: string): Dweller;
  /** New naras, down; one in five cannot be called, as pages without a relay, unless options say. */
  settle(count: number, options?: DwellerOptions): readonly Dweller[];
  settleOne(name: string, options?: DwellerOptions): Dweller;
  /** Starts them one after the other within `span`, at moments of chance. */
  wake(dwellers: readonly Dweller[], span: Span): Promise<void>;
  /** Lets time pass, under the judge's eyes. */
  pass(span: Span): Promise<void>;
  /** Says something on the plaza as a client of that name. */
  say(from: string, topic: string, payload: Uint8Array): void;
  /** Ends all connections to the plaza; attempts fail until `plazaUp`. */
  plazaDown(): void;
  plazaUp(): void;
  /** Counts only from now on: naras that boot together talk more than ever after. */
  countFromHere(): void;
}

export interface DwellerOptions {
  readonly canBeCalled?: boolean;
  readonly memory?: MemoryMode;
  /** What becomes of its words on the way to the plaza, for those who do not mean them. */
  readonly throughPlaza?: (plaza: Plaza) => Plaza;
}

/** How often the judge looks, virtual ms: shorter than anybody is MISSING by mistake. */
const judgeEveryMs = 5000;

export const usualWeather: Conditions = {
  latencyMs: { least: 10, most: 120 },
  loss: 0.002,
  duplicates: 0.002,
};

export function createWorld(settings: WorldSettings): World {
  const clock = createVirtualClock();
  const random = createSeededRandom(settings.seed);
  const crypto = createAwaitedCrypto(settings.crypto ?? createSimulatedCrypto(), clock);
  const trace = createTrace();
  const weather = createWeather(random.fork("weather"), settings.conditions ?? usualWeather);
  const byName = new Map<string, Dweller>();
  const nameAt = new Map<string, string>();
  const errors: string[] = [];
  const census = createCensus();
  const nowMs = (): number => clock.monotonicMs();
  const note = (what: string, payload?: Uint8Array): void => trace.note(nowMs(), what, payload);
  const mallory =
    settings.mallory === false
      ? undefined
      : createMallory(random.fork("mallory"), (topic, payload) => say("mallory", topic, payload));

  const plaza = createInMemoryPlaza({
    clock,
    journey: weather.journey,
    onTraffic(sent) {
      note(`${sent.from} says ${sent.topic}`, sent.payload);
      census.said(sent);
      if (sent.from !== "mallory") mallory?.overhear(sent);
    },
    onDelivery(to, sent) {
      note(`${to} hears ${sent.topic} of ${sent.from}`);
      census.heard(sent);
    },
  });
  const mesh = createInMemoryMesh({
    clock,
    journey: (from, to) => weather.journey(nameAt.get(from) ?? "", nameAt.get(to) ?? ""),
    onTraffic(exchange) {
      const { from, baseUrl, request, response } = exchange;
      note(`${from} asks ${baseUrl}${request.target}: ${response.status}`, response.body);
      census.asked(exchange);
    },
  });
  const say = (from: string, topic: string, payload: Uint8Array): void => {
    plaza.inject(topic, payload, { from });
  };
  const judge = createJudge({ dwellers: () => [...byName.values()], weather, clock, crypto });

  const settleOne = (name: string, options: DwellerOptions = {}): Dweller => {
    const mine = random.fork(`nara ${name}`);
    const identity = createIdentity(bindSoul(mine.fork("soul").bytes(32), name), name);
    const index = byName.size;
    const meshIp = options.canBeCalled === false ? "" : `100.64.${index >> 8}.${index & 255}`;
    if (meshIp !== "") nameAt.set(meshIp, name);
    const dweller = createDweller({
      identity,
      publicKey: encodeBase64(crypto.keyPair(identity.soul.seed).publicKey),
      clock,
      crypto,
      plaza,
      throughPlaza: options.throughPlaza ?? ((honest) => honest),
      mesh,
      meshIp,
      memory: memoryProfile(options.memory ?? (meshIp === "" ? "short" : "medium")),
      random: mine,
      onLog({ level, service, text }) {
        if (level === "error") errors.push(`${name}, ${service}: ${text}`);
      },
      note,
    });
    byName.set(name, dweller);
    return dweller;
  };

  const pass = async (span: Span): Promise<void> => {
    const untilMs = nowMs() + toMs(span);
    while (nowMs() < untilMs) {
      const stepMs = Math.min(judgeEveryMs, untilMs - nowMs());
      census.lived([...byName.values()].filter((one) => one.state() === "up").length, stepMs);
      await clock.advance(stepMs);
      judge.look();
      mallory?.act(stepMs);
      settings.onLook?.(nowMs());
    }
  };

  return {
    clock,
    random,
    weather,
    crypto,
    judge,
    census,
    trace,
    errors,
    pass,
    say,
    settleOne,
    get dwellers() {
      return [...byName.values()];
    },
    dweller(name) {
      const found = byName.get(name);
      if (found === undefined) throw new Error(`nobody here is called ${name}`);
      return found;
    },
    settle: (count, options) =>
      Array.from({ length: count }, () => {
        const n = byName.size;
        return settleOne(`nara-${n}`, { canBeCalled: n % 5 !== 4, ...options });
      }),
    async wake(dwellers, span) {
      const chance = random.fork(`waking ${nowMs()}`);
      const moments = dwellers
        .map((dweller) => ({ dweller, atMs: chance.fraction() * toMs(span) }))
        .sort((one, other) => one.atMs - other.atMs);
      const startMs = nowMs();
      for (const { dweller, atMs } of moments) {
        await pass({ ms: startMs + atMs - nowMs() });
        dweller.start();
      }
      await pass({ ms: startMs + toMs(span) - nowMs() });
    },
    plazaDown: () => plaza.down(),
    plazaUp: () => plaza.up(),
    countFromHere: () => census.reset(),
  };
}
