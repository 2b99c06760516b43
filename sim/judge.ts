/**
 * The judge knows the truth, which no nara does: who runs, who reaches whom, who really started
 * anew, whose keys are whose. It holds what naras believe against it.
 *
 * | count | when |
 * |---|---|
 * | false MISSING | somebody is booked MISSING who had been within the booker's reach for a minute, or still is after `mostMissingMs` within reach |
 * | false restarts | a nara remembers more restarts of another than there were |
 * | accepted forgeries | a ledger holds an event that the one it names did not sign, a keyring has another key than the true one and takes it for proved, or a newspaper that mallory altered was believed |
 */
import { decodeBase64, encodeBase64 } from "../src/nara/codec/base64.ts";
import type { SyncEvent } from "../src/nara/events/sync-event.ts";
import {
  embeddedKeyOf,
  minCheckpointVotes,
  type Proof,
  signatureClaim,
  votesOf,
} from "../src/nara/events/verification.ts";
import type { Crypto } from "../src/nara/ports.ts";
import type { VirtualClock } from "../src/nara/testing/virtual-clock.ts";
import type { Weather } from "../src/nara/testing/weather.ts";
import type { Dweller } from "./dweller.ts";
import { forgedTrend } from "./mallory.ts";

export interface Judge {
  /** Looks at what everybody believes now. */
  look(): void;
  /** Naras that lie are not asked for what they believe. */
  distrust(name: string): void;
  /** Looks through all ledgers and keyrings. */
  findForgeries(): Promise<void>;
  /** How far honest naras agree now. */
  agreement(): Agreement;
  verdict(): JudgeVerdict;
}

export interface JudgeVerdict {
  readonly falseMissing: number;
  readonly falseRestarts: number;
  readonly acceptedForgeries: number;
  /** Keys that naras hold for another's until it proves its name: all they had was a newspaper. */
  readonly mistakenKeys: number;
  /** The first few of each, for people. */
  readonly findings: readonly string[];
}

export interface Agreement {
  /**
   * Pairs of honest naras and what they think of a third, within the reference's tolerance, 0–1:
   * those who hear what others observed, which goes from nara to nara alone.
   */
  readonly share: number;
  /** With those who cannot be called, and so know births by their own eyes only. */
  readonly shareOfAll: number;
  readonly pairs: number;
  /** The worst disagreements, for people. */
  readonly findings: readonly string[];
}

/** The reference's, for checkpoints (docs/protocol/mesh-runtime-checkpoints.md §5). */
const tolerance = { restarts: 5, startTimeS: 60 };
/** Reach for so long, ms, is enough for a sign of life, asked for if need be. */
const graceMs = 60_000;
/** A nara within reach is heard within so long, ms: evidence each 135 s at most, however much of it is lost. */
const mostMissingMs = 600_000;
/** Whoever has not lived so long, ms, need not have learned everything. */
const settledMs = 600_000;
const mostFindings = 20;

export interface JudgeParts {
  dwellers(): readonly Dweller[];
  readonly weather: Pick<Weather, "isCut">;
  readonly clock: VirtualClock;
  readonly crypto: Pick<Crypto, "verify">;
}

/** What is known of one nara's belief in another. */
interface Belief {
  /** Since when, virtual ms, the other is within reach; undefined while it is not. */
  reachSinceMs: number | undefined;
  isMissing: boolean;
  isCounted: boolean;
  /** Restarts counted so far, false ones included. */
  restarts: number;
}

export function createJudge({ dwellers, weather, clock, crypto }: JudgeParts): Judge {
  const beliefs = new Map<string, Map<string, Belief>>();
  const distrusted = new Set<string>();
  const findings: string[] = [];
  let falseMissing = 0;
  let falseRestarts = 0;
  let acceptedForgeries = 0;
  let mistaken = 0;

  const find = (text: string): void => {
    if (findings.length < mostFindings) findings.push(`${timeOf(clock.monotonicMs())} ${text}`);
  };

  /** By name of whom it is about; observers' memories end with their lives. */
  const beliefsOf = (observer: Dweller): Map<string, Belief> => {
    const key = `${observer.name} ${observer.starts()}`;
    const theirs = beliefs.get(key) ?? new Map<string, Belief>();
    beliefs.set(key, theirs);
    return theirs;
  };

  const beliefIn = (theirs: Map<string, Belief>, subject: string): Belief => {
    const known = theirs.get(subject);
    if (known !== undefined) return known;
    const belief = { reachSinceMs: undefined, isMissing: false, isCounted: false, restarts: 0 };
    theirs.set(subject, belief);
    return belief;
  };

  const reachSinceMs = (observer: Truth, subject: Truth): number | undefined => {
    const [mine, theirs] = [observer.presentSinceMs, subject.presentSinceMs];
    if (!subject.isUp || mine === undefined || theirs === undefined) return undefined;
    return weather.isCut(observer.name, subject.name) ? undefined : Math.max(mine, theirs);
  };

  const lookAt = (observer: Truth, subject: Truth, believed: Believed, belief: Belief): void => {
    const nowMs = clock.monotonicMs();
    const sinceMs = reachSinceMs(observer, subject);
    // A partition that heals shows only from one look to the next.
    belief.reachSinceMs =
      sinceMs === undefined ? undefined : Math.max(sinceMs, belief.reachSinceMs ?? nowMs);
    const withinReachMs = belief.reachSinceMs === undefined ? 0 : nowMs - belief.reachSinceMs;
    const isMissing = believed.online === "MISSING";
    const isFalse = isMissing && withinReachMs > (belief.isMissing ? mostMissingMs : graceMs);
    if (isFalse && !belief.isCounted) {
      falseMissing += 1;
      find(
        `${observer.name} takes ${subject.name} for MISSING, within reach for ${Math.round(withinReachMs / 1000)} s`,
      );
    }
    belief.isCounted = isMissing && (belief.isCounted || isFalse);
    belief.isMissing = isMissing;
    const true_ = subject.starts - 1;
    if (believed.restarts > Math.max(true_, belief.restarts)) {
      falseRestarts += believed.restarts - Math.max(true_, belief.restarts);
      find(
        `${observer.name} counts ${believed.restarts} restarts of ${subject.name}, there were ${true_}`,
      );
    }
    belief.restarts = Math.max(believed.restarts, belief.restarts);
  };

  const honest = (): readonly Dweller[] => dwellers().filter(({ name }) => !distrusted.has(name));
  const awake = (): readonly Dweller[] => honest().filter((one) => one.state() === "up");

  const forged = (observer: Dweller, what: string): void => {
    acceptedForgeries += 1;
    find(`${observer.name} believes ${what}`);
  };

  const findForgeriesIn = async (observer: Dweller, known: ReadonlyMap<string, Dweller>) => {
    const { runtime, neighbours } = observer.nara();
    for (const { name, publicKey } of known.values()) {
      const pinned = runtime.keyring.keyOf(name);
      if (pinned === undefined || pinned === publicKey) continue;
      if (runtime.keyring.isProven(name)) forged(observer, `another key of ${name}`);
      else mistaken += 1;
    }
    for (const { name, status } of neighbours()) {
      if (status.trend === forgedTrend) forged(observer, `an altered newspaper of ${name}`);
    }
    const events = runtime.ledger
      .events()
      .filter(({ id }) => runtime.ledger.standingOf(id)?.tier === "proven");
    const proofs = events.map((event) => proofUnderTrueKeys(event, known));
    const verdicts = await crypto.verify(proofs.flatMap(({ claims }) => claims));
    let at = 0;
    for (const [index, { claims, needed }] of proofs.entries()) {
      const held = claims.filter((_, n) => verdicts[at + n] === true).length;
      at += claims.length;
      const event = events[index];
      if (held < needed && event !== undefined) {
        forged(observer, `${event.svc} ${event.id} of ${event.emitter}`);
      }
    }
  };

  return {
    look() {
      // Taken once: as many pairs are looked at as there are naras, squared.
      const all = new Map(dwellers().map((dweller) => [dweller.name, truthOf(dweller)]));
      for (const dweller of awake()) {
        const observer = all.get(dweller.name) ?? truthOf(dweller);
        const theirs = beliefsOf(dweller);
        for (const { name, observation } of dweller.nara().neighbours()) {
          const subject = all.get(name);
          if (subject === undefined) continue;
          lookAt(observer, subject, observation, beliefIn(theirs, name));
        }
      }
    },
    distrust: (name) => void distrusted.add(name),
    async findForgeries() {
      const known = new Map(dwellers().map((dweller) => [dweller.name, dweller]));
      for (const observer of awake()) await findForgeriesIn(observer, known);
    },
    agreement() {
      const nowMs = clock.monotonicMs();
      const nowS = Number(clock.nowNs() / 1_000_000_000n);
      const observers = awake().filter(
        (one) => nowMs - (one.presentSinceMs() ?? nowMs) > settledMs,
      );
      const all = { pairs: 0, agreed: 0 };
      const told = { pairs: 0, agreed: 0 };
      const apart: string[] = [];
      for (const subject of awake()) {
        const opinions = observers
          .filter(({ name }) => name !== subject.name)
          .map((one) => ({
            name: one.name,
            isTold: one.canBeCalled,
            ...one.nara().runtime.projections.opinions.opinionOf(subject.name, nowS),
          }))
          .filter(({ startTimeS }) => startTimeS > 0);
        for (const [index, one] of opinions.entries()) {
          for (const other of opinions.slice(index + 1)) {
            const isNear =
              Math.abs(one.restarts - other.restarts) <= tolerance.restarts &&
              Math.abs(one.startTimeS - other.startTimeS) <= tolerance.startTimeS;
            const isTold = one.isTold && other.isTold;
            for (const count of isTold ? [all, told] : [all]) {
              count.pairs += 1;
              if (isNear) count.agreed += 1;
            }
            if (isTold && !isNear && apart.length < mostFindings)
              apart.push(
                `of ${subject.name}: ${one.name} thinks ${one.restarts} restarts since ${one.startTimeS}, ${other.name} ${other.restarts} since ${other.startTimeS}`,
              );
          }
        }
      }
      const { pairs } = told;
      return { share: shareOf(told), shareOfAll: shareOf(all), pairs, findings: apart };
    },
    verdict: () => ({
      falseMissing,
      falseRestarts,
      acceptedForgeries,
      mistakenKeys: mistaken,
      findings: [...findings],
    }),
  };
}

const shareOf = ({ pairs, agreed }: { readonly pairs: number; readonly agreed: number }): number =>
  pairs === 0 ? 1 : agreed / pairs;

/** What is true of somebody at the moment of a look. */
interface Truth {
  readonly name: string;
  readonly isUp: boolean;
  readonly presentSinceMs: number | undefined;
  readonly starts: number;
}

const truthOf = (dweller: Dweller): Truth => ({
  name: dweller.name,
  isUp: dweller.state() === "up",
  presentSinceMs: dweller.presentSinceMs(),
  starts: dweller.starts(),
});

interface Believed {
  readonly online: string;
  readonly restarts: number;
}

/** What must hold under the keys that the named naras really have, and how many of it. */
function proofUnderTrueKeys(event: SyncEvent, known: ReadonlyMap<string, Dweller>): Proof {
  if (event.svc === "checkpoint") {
    const byId = new Map(
      [...known.values()].map(({ identity, publicKey }) => [identity.id, publicKey]),
    );
    const votes = votesOf(event.payload, (id) => decodeBase64(byId.get(id) ?? ""));
    const claims = votes.flatMap(({ claim }) => (claim === undefined ? [] : [claim]));
    // All voters, each once.
    const isWhole = new Set(votes.map(({ voterId }) => voterId)).size === votes.length;
    return { claims, needed: isWhole ? Math.max(minCheckpointVotes, votes.length) : Infinity };
  }
  const key = known.get(event.emitter)?.publicKey ?? "";
  const embedded = embeddedKeyOf(event);
  const isTheirs = embedded === undefined || encodeBase64(embedded) === key;
  const claim = isTheirs ? signatureClaim(event, decodeBase64(key)) : undefined;
  return { claims: claim === undefined ? [] : [claim], needed: 1 };
}

function timeOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
