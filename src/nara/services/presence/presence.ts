/**
 * Presence: who is here, and that I am.
 *
 * | I hear | I do |
 * |---|---|
 * | hey_there | remember who it is, mark it online, perhaps say howdy |
 * | howdy | mark its sender online, listen to what it tells of others when it is for me |
 * | newspaper | take its author's Status, mark it online |
 * | chau | mark it offline |
 * | social | nothing more than that its actor lives |
 *
 * | I say | when |
 * |---|---|
 * | hey_there | 0–5 s after the plaza opened, and to authors of newspapers I never met |
 * | howdy | 0–3 s after a hey_there, unless ten others did |
 * | newspaper | every 30–300 s, by chattiness |
 * | social evidence | whenever some 125 s passed without any other |
 * | chau | when I leave |
 *
 * Sources: docs/protocol/presence-and-life.md §2, §3, §5; docs/differences.md.
 */

import { accept } from "../../outcome.ts";
import { type Service, service } from "../../runtime/service.ts";
import { averageRtt } from "../coordinates/vivaldi.ts";
import { type Announcer, createAnnouncer } from "./announcer.ts";
import { createEars, type Ears } from "./ears.ts";
import { forgettable, upkeepPeriodMs } from "./forgetting.ts";
import { createHowdyCoordinator } from "./howdy-coordinator.ts";
import { presenceBehaviours } from "./messages.ts";
import { createNeighbourhood, type Neighbour } from "./neighbourhood.ts";
import { betweenPassesMs, opinionPasses, takeOpinions } from "./opinion-passes.ts";
import { createReports } from "./reports.ts";
import { createOwnState, type OwnFacts, type OwnState } from "./self.ts";
import { nowS, type PresenceListener, type PresenceState } from "./state.ts";
import { createVerification } from "./verification.ts";
import { createVoteBox } from "./votes.ts";
import { createWatch } from "./watch.ts";

export interface PresenceParts extends OwnFacts {
  readonly listener: PresenceListener;
  /** Asks others what they observed of somebody, one after the other, until it is enough. */
  askAbout(subject: string, isEnough: () => boolean): Promise<void>;
}

/** What the rest of the nara may ask, once the runtime has set the service up. */
export interface Presence {
  readonly service: Service;
  /** @throws Error before that. */
  readonly own: OwnState;
  neighbour(name: string): Neighbour | undefined;
  neighbours(): readonly Neighbour[];
  /** A sign of life over the mesh, proven. @param atS Unix seconds. */
  hearFrom(name: string, atS: number): void;
  /** See `Watch`. */
  isDrowsy(): boolean;
  /** I timed the way to a neighbour and back. */
  noteRoundTrip(name: string, rttMs: number): void;
  /** Says chau now and goes on listening; for who is about to say nothing any more. */
  fallSilent(): void;
  /** Says hey_there again, after a time without a word. */
  speakAgain(): void;
}

/** Own state and flair are looked at anew this often (presence-and-life §5: each second). */
const lookAroundMs = 1000;

export function createPresence(parts: PresenceParts): Presence {
  const { memory, listener } = parts;
  const neighbourhood = createNeighbourhood();
  let own: OwnState | undefined;
  let hearFrom: Ears["hearFrom"] = () => {};
  let noteRoundTrip: Presence["noteRoundTrip"] = () => {};
  let isDrowsy = (): boolean => false;
  let announcer: Announcer | undefined;

  return {
    get own() {
      if (own === undefined) throw new Error("presence has not been set up by a runtime");
      return own;
    },
    neighbour: (name) => neighbourhood.get(name),
    neighbours: () => neighbourhood.all(),
    hearFrom: (name, atS) => hearFrom(name, atS),
    noteRoundTrip: (name, rttMs) => noteRoundTrip(name, rttMs),
    isDrowsy: () => isDrowsy(),
    fallSilent: () => announcer?.sayChau({ forNow: true }),
    speakAgain: () => announcer?.speakAgain(),
    service: service("presence", presenceBehaviours, (nara) => {
      const { clock, ledger } = nara;
      const { roundTrips } = nara.projections;
      const publicKey = nara.me.publicKey;
      own = createOwnState({
        ...parts,
        publicKey,
        clock,
        ledger,
        roundTrips,
        neighbourhood,
        mesh: nara.mesh,
      });
      const state: PresenceState = {
        nara,
        own,
        neighbourhood,
        listener,
        coordinator: createHowdyCoordinator(),
        votes: createVoteBox(),
        get shortMemory() {
          return memory().mode === "short";
        },
        get isStealthy() {
          return parts.manners().stealth;
        },
        get gossipsOnly() {
          return parts.transportMode() === "gossip";
        },
      };
      const mouth = createAnnouncer(state);
      announcer = mouth;
      const verification = createVerification(state);
      const watch = createWatch(state, {
        verification,
        onWoke(sinceNs) {
          mouth.woke();
          listener.onWoke(sinceNs);
        },
      });
      isDrowsy = watch.isDrowsy;
      const reports = createReports(state, { askAbout: parts.askAbout, isDrowsy: watch.isDrowsy });
      const ears = createEars(state, { announcer: mouth, watch, reports });
      hearFrom = ears.hearFrom;
      noteRoundTrip = (name, rttMs) => {
        const known = neighbourhood.get(name);
        if (known === undefined) return;
        const { observation } = known;
        const timed = {
          lastPingRttMs: rttMs,
          avgPingRttMs: averageRtt(observation.avgPingRttMs, rttMs),
          lastPingTimeS: nowS(state),
        };
        neighbourhood.put({ ...known, observation: { ...observation, ...timed } });
      };

      nara.onPlazaOpen(() => {
        watch.plazaOpened();
        mouth.plazaOpened();
      });
      const stopWatchingMesh = nara.mesh.onChange(() => mouth.meshChanged());
      return {
        start() {
          ears.listen();
          if (state.gossipsOnly) mouth.plazaOpened();
          for (let pass = 1; pass <= opinionPasses; pass++) {
            nara.after(pass * betweenPassesMs, () => takeOpinions(state));
          }
          const forgetTheLost = (): void => {
            if (watch.holdsJudgement()) return;
            for (const name of forgettable(state)) {
              verification.forget(name);
              ears.forget(name);
              ledger.removeNara(name);
            }
          };
          nara.after(opinionPasses * betweenPassesMs, forgetTheLost);
          nara.every(() => upkeepPeriodMs, forgetTheLost);
          nara.every(
            () => lookAroundMs,
            () => {
              state.own.cool();
              watch.look();
              listener.onMe();
            },
          );
          return accept(undefined);
        },
        stop() {
          stopWatchingMesh();
          mouth.sayChau();
        },
      };
    }),
  };
}
