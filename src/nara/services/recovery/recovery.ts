/**
 * Recovery: a nara that wakes remembers nothing, so it asks its neighbours what it missed, and goes
 * on living meanwhile.
 *
 * | step | what |
 * |---|---|
 * | looks | for neighbours who can be called: after 30 s, 60 s, 2 min, and then each minute |
 * | samples | of what they remember (samples.ts), else slices (slices.ts) |
 * | checkpoints | page by page (checkpoints.ts); once more when all have told their ids |
 * | plaza | where nobody can be called, once, over the plaza |
 * | catching up | after each sleep, on what I slept through (catch-up.ts) |
 *
 * A way that breaks in the middle costs nothing: what was taken stays, the rest is asked for when
 * it is back. (docs/protocol/presence-and-life.md §3)
 */
import type { MemoryProfile } from "../../identity/memory-mode.ts";
import { accept } from "../../outcome.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import type { RememberedView, RememberingView } from "../../view.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { type Neighbours, reachable } from "../reachable.ts";
import { shuffled } from "../shuffled.ts";
import { askAbout } from "./ask-about.ts";
import { createBackground } from "./background.ts";
import { createCatchUp } from "./catch-up.ts";
import { fetchCheckpoints } from "./checkpoints.ts";
import { looksMs, type Plan, planFor } from "./plan.ts";
import { createSampling, type Sampling } from "./samples.ts";
import { fetchSlices } from "./slices.ts";
import { createWitnesses, type Witnesses } from "./witnesses.ts";

export interface RecoveryParts {
  readonly neighbours: Neighbours;
  /** It may change while the nara lives. */
  memory(): MemoryProfile;
  /** When I was first seen, Unix seconds; 0 while I do not know. */
  ownStartS(): number;
  /** Something of what the view tells has changed. */
  onChange(): void;
  /** Asks these over the plaza about those; says how many were asked. Nobody's answer is waited for. */
  askOnPlaza(names: readonly string[], subjects: readonly string[]): number;
}

export interface Recovery {
  readonly service: Service;
  /** I slept since then, Unix nanoseconds, and remember nothing of it. */
  woke(sinceNs: bigint): void;
  /** Asks up to three neighbours what they observed of somebody, until it is enough. */
  askAbout(subject: string, isEnough: () => boolean): Promise<void>;
  /** Null while nothing is asked for. */
  remembering(): RememberingView | null;
  /** Null until the first time is over. */
  remembered(): RememberedView | null;
}

/**
 * Ids, by which checkpoints name their voters, are signed by newspapers alone; by now all have
 * printed one. (docs/protocol/presence-and-life.md §2, Newspaper out)
 */
const allHavePrintedMs = 310_000;
/** Neighbours asked over the plaza (§3, MQTT). */
const askedOnPlaza = { short: 2, long: 5 };

export function createRecovery(parts: RecoveryParts): Recovery {
  let remembering: () => RememberingView | null = () => null;
  let remembered: RememberedView | null = null;
  let woke: Recovery["woke"] = () => {};
  let askOthersAbout: Recovery["askAbout"] = async () => {};

  const setUp = (nara: ServiceContext) => {
    const background = createBackground({
      ...parts,
      nara,
      isWanted: () => parts.memory().backgroundSync,
    });
    let hasAskedPlaza = false;
    let sampling: Sampling | undefined;
    let witnesses: Witnesses | undefined;
    let looks = 0;

    const names = (): readonly string[] =>
      reachable(nara, parts.neighbours).map(({ name }) => name);

    const catchUp = createCatchUp({
      nara,
      plan: () => planFor(parts.memory().mode, nara.ledger.capacity),
      candidates: names,
    });
    woke = catchUp.woke;
    askOthersAbout = (subject, isEnough) =>
      askAbout({ nara, names: shuffled(names(), nara.random), subject, isEnough });

    const finish = (got: number, from: readonly string[], givenUp: readonly string[]): void => {
      const endedAtMs = Number(nara.clock.nowNs() / 1_000_000n);
      remembered = { got, from, givenUp, endedAtMs };
      remembering = () => null;
      parts.onChange();
      nara.log.info(`I remember ${got} events that ${from.length} neighbours told`);
    };

    /** What comes after the samples. */
    const complete = async (plan: Plan, progress: Progress): Promise<void> => {
      const honest = () => names().filter((name) => !progress.isLiar(name));
      if (progress.failures() > Math.floor(plan.calls / 2)) {
        await fetchSlices({
          nara,
          plan,
          names: honest(),
          subjects: [...names(), nara.me.name],
          onTaken: progress.taken,
        });
      }
      const askForCheckpoints = () =>
        fetchCheckpoints({
          nara,
          names: shuffled(honest(), nara.random),
          onTaken: progress.taken,
          onGivenUp: progress.givenUp,
        });
      if (await askForCheckpoints()) nara.after(allHavePrintedMs, () => void askForCheckpoints());
      const silent = [...progress.allGivenUp(), ...progress.unheard()];
      finish(progress.got(), progress.from(), [...new Set(silent)]);
    };

    const begin = (): void => {
      const plan = planFor(parts.memory().mode, nara.ledger.capacity);
      const asked = createWitnesses({
        candidates: names,
        most: plan.mostPeers,
        monotonicMs: nara.clock.monotonicMs,
      });
      witnesses = asked;
      let got = 0;
      const alsoFrom = new Set<string>();
      const alsoGivenUp = new Set<string>();
      const taken = (added: number): void => {
        got += added;
        parts.onChange();
      };
      const progress: Progress = {
        isLiar: asked.isLiar,
        unheard: asked.unheard,
        failures: () => asking.failures(),
        got: () => got,
        from: () => [...new Set([...asked.from(), ...alsoFrom])],
        allGivenUp: () => [...new Set([...asked.givenUp(), ...alsoGivenUp])],
        taken(name, added) {
          if (added > 0) alsoFrom.add(name);
          taken(added);
        },
        givenUp: (name) => void alsoGivenUp.add(name),
      };
      const asking = createSampling({
        nara,
        plan,
        witnesses: asked,
        onTaken: taken,
        onChange: parts.onChange,
        onEnd: () => void complete(plan, progress),
      });
      sampling = asking;
      remembering = () => ({
        got,
        wanted: plan.wanted,
        from: progress.from(),
        givenUp: progress.allGivenUp(),
        isWaiting: asking.isWaiting(),
      });
      asking.goOn();
      parts.onChange();
    };

    const askOnPlaza = (): void => {
      if (hasAskedPlaza || !nara.plazaIsOpen()) return;
      const here = parts.neighbours
        .neighbours()
        .filter(isHere)
        .map(({ name }) => name);
      const most = parts.memory().mode === "short" ? askedOnPlaza.short : askedOnPlaza.long;
      const asked = parts.askOnPlaza(here.slice(0, most), [...here, nara.me.name]);
      hasAskedPlaza = asked > 0;
    };

    const look = (): void => {
      if (remembered !== null) return;
      if (sampling !== undefined) sampling.goOn();
      else if (nara.mesh.address() !== "" && names().length > 0) begin();
      else askOnPlaza();
      if (remembered === null)
        nara.after(looksMs[Math.min(++looks, looksMs.length - 1)] ?? 0, look);
    };

    const stopListening = nara.mesh.onChange(() => {
      if (nara.mesh.address() === "") return;
      witnesses?.forgive();
      sampling?.goOn();
      catchUp.goOn();
    });

    return {
      start() {
        nara.after(looksMs[0], look);
        background.start();
        return accept(undefined);
      },
      stop() {
        stopListening();
        sampling?.stop();
        catchUp.stop();
      },
    };
  };

  return {
    service: service("recovery", [], setUp),
    woke: (sinceNs) => woke(sinceNs),
    askAbout: (subject, isEnough) => askOthersAbout(subject, isEnough),
    remembering: () => remembering(),
    remembered: () => remembered,
  };
}

/** How far the remembering is, whichever step it takes. */
interface Progress {
  got(): number;
  from(): readonly string[];
  allGivenUp(): readonly string[];
  /** Those who were asked for samples and told none. */
  unheard(): readonly string[];
  failures(): number;
  isLiar(name: string): boolean;
  taken(name: string, added: number): void;
  givenUp(name: string): void;
}

const isHere = ({ isMet, observation }: Neighbour): boolean =>
  isMet && observation.online === "ONLINE";
