/** What I say of myself, and when. (docs/protocol/presence-and-life.md §2, §3) */
import type { Cancel } from "../../ports.ts";
import { createRateLimit } from "../../runtime/rate-limit.ts";
import { newspaperIntervalS } from "./chattiness.ts";
import { afterMyChau, chauPayload } from "./chau-out.ts";
import { evidenceDelayMs, evidencePayload, missingAfterS } from "./evidence.ts";
import { buzzOfMyHeyThere, heyTherePayload, maySayHeyThere } from "./hey-there-out.ts";
import { chooseNeighbours } from "./howdy.ts";
import { answerDelayMs, type Greeting } from "./howdy-coordinator.ts";
import { markOnline } from "./mark-online.ts";
import { chau, heyThere, howdy, newspaper, social } from "./messages.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { newspaperStatusText } from "./newspaper.ts";
import { noObservation, type Observation } from "./observation.ts";
import { nowS, type PresenceState } from "./state.ts";
import type { NaraStatus } from "./status.ts";

export interface Announcer {
  plazaOpened(): void;
  /** Answers a hey_there in a while, if it is still wanted then. */
  answer(greeting: Greeting): void;
  /** Makes my id known to all who listen, once per stay on the plaza. */
  introduce(to: string): void;
  /** I slept, and others may think that I am gone: tells that I lived on. */
  woke(): void;
  /** Others reach me elsewhere now: says so, if anybody was told otherwise. */
  meshChanged(): void;
  /** @param leaving `forNow`: I live on, but others hear no more of me. */
  sayChau(leaving?: { readonly forNow: boolean }): void;
  speakAgain(): void;
}

/** Longest wait before the first hey_there (presence-and-life §3; seed plaza-mqtt, invariants). */
const joinJitterMs = 5000;
/** From the first hey_there to the first newspaper (presence-and-life §3). */
const firstNewspaperMs = 1000;
/**
 * Howdys that I say in one minute. Hundreds of naras that restart as one are still answered, each by
 * somebody; an enemy who invents names by the thousand makes nobody shout.
 */
const answersPerMinute = 60;
/**
 * Who was silent for longer than this may be thought missing, and its next hey_there or newspaper a
 * restart. A piece of evidence raises it without one, once others looked at their ledgers, which
 * they do each second; until then nothing else is said.
 * (docs/protocol/presence-and-life.md §5, Every 1 s; docs/decisions/staying-evident.md)
 */
const silentTooLongMs = (missingAfterS - 30) * 1000;
const raisedAfterMs = 3000;
/** A hey_there costs up to ten howdys: an address has to last this long before it is told anew. */
const betweenAddressesMs = 6000;
/** Memories told in one howdy. The reference tells all; a plaza frame has room for some 1 500. */
const maxObservationsTold = 200;

export function createAnnouncer(state: PresenceState): Announcer {
  const { nara, own, neighbourhood, coordinator, listener } = state;
  const { me, clock, random } = nara;
  const mayAnswer = createRateLimit(clock, 1);
  let joining: Cancel = () => {};
  let isPrinting = false;
  let evidenceDue: Cancel = () => {};
  let heyThereAtMs: number | undefined;
  /** By the wall clock, which goes on while the machine sleeps. */
  let evidentAtNs: bigint | undefined;
  let raisedAtMs = 0;
  let toldAddress = "";
  let tellingAddress: Cancel = () => {};
  let knownByHowdy = false;

  const rememberMyself = (): void => {
    const marked = markOnline({
      name: me.name,
      isMe: true,
      isKnown: true,
      observation: own.observation(),
      seenAtS: nowS(state),
      nowS: nowS(state),
      booting: own.booting(),
      opinion: nara.projections.opinions.opinionOf(me.name, nowS(state)),
    });
    own.remember(marked.observation);
    listener.onMe();
  };

  const saidEvidence = (): void => {
    evidenceDue();
    const nowMs = clock.monotonicMs();
    // While the plaza is away nothing is heard of me anyway; its return brings the next.
    if (nara.plazaIsOpen() || state.gossipsOnly) evidentAtNs = clock.nowNs();
    evidenceDue = nara.after(evidenceDelayMs(nowMs, nowMs, random.fraction()), sayEvidence);
  };

  const sayEvidence = (): void => {
    if (nara.plazaIsOpen() || state.gossipsOnly) {
      nara.emit(social, { ...noIds, ...evidencePayload(me.name) });
    }
    saidEvidence();
  };

  /** Evidence first, twice, as one may be lost on its way to somebody; nothing else for a while. */
  const raiseMyself = (): void => {
    sayEvidence();
    nara.after(raisedAfterMs / 2, sayEvidence);
    raisedAtMs = clock.monotonicMs() + raisedAfterMs;
  };

  /** Raises me after a long silence. Tells how long all else has to wait. */
  const breakSilence = (): number => {
    const silentMs = Number((clock.nowNs() - (evidentAtNs ?? clock.nowNs())) / 1_000_000n);
    if (silentMs > silentTooLongMs) raiseMyself();
    return Math.max(0, raisedAtMs - clock.monotonicMs());
  };

  const sayHeyThere = (): void => {
    const nowMs = clock.monotonicMs();
    if (!maySayHeyThere(heyThereAtMs, nowMs)) return;
    heyThereAtMs = nowMs;
    rememberMyself();
    own.excite(buzzOfMyHeyThere);
    coordinator.open(me.name, nowMs);
    toldAddress = nara.mesh.address();
    nara.emit(heyThere, heyTherePayload({ ...me, meshIp: toldAddress }));
    saidEvidence();
  };

  const publishNewspaper = (): void => {
    const waitMs = breakSilence();
    if (waitMs > 0) {
      nara.after(waitMs, publishNewspaper);
      return;
    }
    rememberMyself();
    const status = { ...own.status(), observations: null };
    const statusText = newspaperStatusText(status);
    nara.emit(newspaper, { from: me.name, status, statusText, signature: "" });
  };

  /** In stealth it tells nothing of others. */
  const statusForHowdy = (): NaraStatus => {
    const observations = memories(neighbourhood.all());
    return state.isStealthy ? own.status() : { ...own.status(), observations };
  };

  const sayHowdy = (to: string, seq: number, neighbours: readonly Neighbour[]): void => {
    const said = nara.emit(
      howdy,
      {
        from: me.name,
        to,
        seq,
        you: neighbourhood.get(to)?.observation ?? noObservation,
        neighbours: neighbours.map(({ name, status, observation }) => ({
          name,
          publicKey: status.publicKey,
          meshIp: status.meshIp,
          id: status.id,
          observation,
        })),
        me: statusForHowdy(),
        signature: "",
      },
      { to: { name: to, id: nara.keyring.idOf(to) } },
    );
    if (!said.ok) return;
    knownByHowdy = true;
    listener.onNote({
      kind: "howdied",
      about: to,
      icon: "🙋",
      text: `you say howdy to ${to}`,
      detail: "",
      signed: true,
    });
  };

  return {
    plazaOpened() {
      joining();
      knownByHowdy = false;
      // What I said last may have gone into a plaza that was lost already.
      if (heyThereAtMs !== undefined) raiseMyself();
      const waitMs = breakSilence();
      joining = nara.after(waitMs + random.fraction() * (joinJitterMs - waitMs), () => {
        sayHeyThere();
        if (isPrinting) return;
        isPrinting = true;
        nara.after(firstNewspaperMs, () => {
          publishNewspaper();
          nara.every(() => newspaperIntervalS(own.chattiness()) * 1000, publishNewspaper);
        });
      });
    },
    answer(greeting) {
      nara.after(answerDelayMs(random.fraction()), () => {
        const seq = coordinator.answer(greeting, clock.monotonicMs());
        if (seq === undefined || !mayAnswer(howdy.kind, answersPerMinute)) return;
        const met = neighbourhood.all().filter(({ isMet }) => isMet);
        const { target, mentioned } = greeting;
        const { shortMemory } = state;
        sayHowdy(
          target,
          seq,
          chooseNeighbours(met, { myName: me.name, target, mentioned, shortMemory }),
        );
      });
    },
    introduce(to) {
      // The reference learns an id from a howdy's sender, never from hey_there (presence-and-life §2).
      if (!knownByHowdy) sayHowdy(to, coordinator.introduce(to, clock.monotonicMs()), []);
    },
    woke() {
      if (nara.plazaIsOpen()) breakSilence();
    },
    meshChanged() {
      tellingAddress();
      if (heyThereAtMs === undefined || nara.mesh.address() === toldAddress) return;
      tellingAddress = nara.after(betweenAddressesMs, () => {
        if (nara.plazaIsOpen() && nara.mesh.address() !== toldAddress) sayHeyThere();
      });
    },
    speakAgain() {
      if (!nara.plazaIsOpen() && !state.gossipsOnly) return;
      raiseMyself();
      nara.after(raisedAfterMs, sayHeyThere);
    },
    sayChau({ forNow } = { forNow: false }) {
      if (!forNow) own.remember(afterMyChau(own.observation()));
      // Nobody knows the key of who has not introduced itself, and it would be passed on for minutes.
      if (heyThereAtMs === undefined && !knownByHowdy) return;
      nara.emit(chau, chauPayload(me));
    },
  };
}

const noIds = { actor_id: "", target_id: "" };

/** What I remember of those I met, the last seen first. */
function memories(neighbours: readonly Neighbour[]): ReadonlyMap<string, Observation> {
  return new Map(
    neighbours
      .filter(({ isMet }) => isMet)
      .sort((a, b) => b.observation.lastSeenS - a.observation.lastSeenS)
      .slice(0, maxObservationsTold)
      .map(({ name, observation }) => [name, observation]),
  );
}
