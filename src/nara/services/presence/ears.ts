/** What hearing a verified message does. (docs/protocol/presence-and-life.md §2) */

import type { Payloads } from "../../events/event-kinds.ts";
import type { TakenEvent } from "../../runtime/service.ts";
import { withoutBadTrend } from "../trends/words.ts";
import type { Announcer } from "./announcer.ts";
import { hearChau } from "./chau-in.ts";
import { isEvidence } from "./evidence.ts";
import { hearHeyThere } from "./hey-there-in.ts";
import { hearHowdy } from "./howdy-in.ts";
import { chau, heyThere, howdy, newspaper, social } from "./messages.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { createNewspaperMemory } from "./newspaper.ts";
import { readNewspaper } from "./newspaper-in.ts";
import { isAbsent, withoutRestart } from "./observation.ts";
import {
  isLateWord,
  isReplay,
  type Listener,
  type PresenceChange,
  seenAlive,
  stranger,
} from "./presence-change.ts";
import type { Reports } from "./reports.ts";
import { nowS, type PresenceState } from "./state.ts";
import type { Watch } from "./watch.ts";

/** A hey_there older than this is a memory, not a knock on the door: nobody says howdy to it. */
const knockNs = 300_000_000_000n;
/** What a word among naras adds to buzz, be it about whom it may (presence-and-life §2, Social in). */
const buzzOfSocial = 5;

export interface Ears {
  listen(): void;
  /** Somebody whose key is pinned brought something of its own over the mesh. @param atS Unix seconds. */
  hearFrom(name: string, atS: number): void;
  /** Nothing of it stays, nor of what is known about it. */
  forget(name: string): void;
}

export interface EarsParts {
  readonly announcer: Pick<Announcer, "answer" | "introduce">;
  readonly watch: Pick<Watch, "isDrowsy">;
  readonly reports: Reports;
}

export function createEars(state: PresenceState, { announcer, watch, reports }: EarsParts): Ears {
  const { nara, own, neighbourhood, coordinator, votes, listener } = state;
  const { me, clock } = nara;
  const papers = createNewspaperMemory();

  const listeningTo = (speaker: string): Listener => ({
    myName: me.name,
    nowS: nowS(state),
    booting: own.booting(),
    opinion: nara.projections.opinions.opinionOf(speaker, nowS(state)),
  });

  const forget = (name: string): void => {
    nara.keyring.forget(name);
    nara.mesh.peers.forget(name);
    papers.forget(name);
    listener.onGone(name);
  };

  const keep = (neighbour: Neighbour): boolean => {
    const { taken, forgotten } = neighbourhood.put(neighbour);
    if (forgotten !== undefined) forget(forgotten);
    if (taken) listener.onNeighbour(neighbour.name);
    return taken;
  };

  /** Of whoever I do not know no key stays. */
  const forgetStranger = (name: string): boolean => {
    if (neighbourhood.has(name)) return false;
    nara.keyring.forget(name);
    return true;
  };

  /** Takes in what changed of the speaker. */
  const apply = (name: string, change: PresenceChange): void => {
    const before = neighbourhood.get(name);
    const wasMet = before?.isMet === true;
    own.excite(change.buzz);
    if (change.neighbour !== undefined && !keep(change.neighbour)) nara.countDrop("crowded");
    if (forgetStranger(name)) return;
    for (const report of change.reports) reports.tell(report);
    const after = neighbourhood.get(name);
    if (after?.observation.online === "ONLINE") listener.onAlive(before, after);
    if (!wasMet) {
      listener.onNote({
        kind: "met",
        about: name,
        icon: "✨",
        text: `you meet ${name}`,
        detail: "a face you had not seen before",
        signed: true,
      });
    }
  };

  const greeted = ({ payload, tsNs }: Said<"hey-there">): void => {
    const { From: from, PublicKey: publicKey, MeshIP: meshIp, ID: id } = payload;
    const saidAtS = Number(tsNs / 1_000_000_000n);
    const before = neighbourhood.get(from);
    // In my sleep I may have missed the evidence that somebody says before its hey_there.
    const known = before !== undefined && watch.isDrowsy() ? livedOn(before) : before;
    const isOld = known?.isMet === true && isReplay(saidAtS, known);
    apply(from, hearHeyThere(known, { from, publicKey, meshIp, id, saidAtS }, listeningTo(from)));
    if (meshIp !== "" && !isOld) nara.mesh.peers.prove(from, meshIp);
  };

  const left = ({ payload, tsNs }: Said<"chau">): void => {
    const { From: from, PublicKey: publicKey, ID: id } = payload;
    const saidAtS = Number(tsNs / 1_000_000_000n);
    const known = neighbourhood.get(from);
    const change = hearChau(known, { from, publicKey, id, saidAtS }, listeningTo(from));
    apply(from, change);
    if (change.leftNow) nara.emit(social, { ...farewell, actor: me.name, target: from });
  };

  /** By what it brought itself under its key, without a hey_there that I heard. */
  const meet = (name: string, atS: number): void => {
    const publicKey = nara.keyring.keyOf(name);
    if (name === me.name || publicKey === undefined) return;
    const known = neighbourhood.get(name);
    const before = known ?? stranger(name);
    const { peers } = nara.mesh;
    const meshIp = peers.isProven(name) ? (peers.addressesOf(name)[0] ?? "") : "";
    const speaker: Neighbour = {
      ...before,
      isMet: true,
      status: {
        ...before.status,
        ...{ publicKey, id: nara.keyring.idOf(name), meshIp, meshEnabled: meshIp !== "" },
      },
    };
    apply(name, seenAlive(speaker, known !== undefined, atS, listeningTo(name)));
  };

  /**
   * What zines tell of those who are not on the plaza: histories say nothing of now.
   * (docs/protocol/events-and-ledger.md §4, Batch order)
   */
  const hearTold = ({ event, source }: TakenEvent): void => {
    if (source.path !== "zine" && source.path !== "dm") return;
    if (event.emitter === me.name || clock.nowNs() - event.tsNs > knockNs) return;
    if (event.svc === "hey-there") greeted(event);
    if (event.svc === "chau" && !own.booting()) left(event);
  };

  return {
    hearFrom(name, atS) {
      const known = neighbourhood.get(name);
      if (known?.isMet !== true) {
        meet(name, atS);
        return;
      }
      if (isLateWord(known, atS)) return;
      // Who was only out of earshot comes this way; who restarted says hey_there.
      apply(name, seenAlive(livedOn(known), true, atS, listeningTo(name)));
    },
    forget(name) {
      if (neighbourhood.remove(name)) forget(name);
    },
    listen() {
      nara.onTaken(hearTold);
      nara.on(heyThere, ({ payload, tsNs }) => {
        greeted({ payload, tsNs });
        if (clock.nowNs() - tsNs > knockNs) return;
        announcer.answer(coordinator.open(payload.From, clock.monotonicMs()));
      });

      nara.on(howdy, ({ payload }) => {
        const { from, to } = payload;
        const heard = coordinator.hear(payload, clock.monotonicMs());
        // Naras make their ids known to the reference by a howdy to nobody in need of one.
        if (heard === "stale" && neighbourhood.get(from)?.isMet === true) return;
        // It is undated, and three words of it are signed: whoever likes can say one again.
        if (isAbsent(neighbourhood.get(from)?.observation)) {
          nara.countDrop("stale");
          return;
        }
        if (heard !== "counted") {
          nara.countDrop(heard);
          forgetStranger(from);
          return;
        }
        const told = { ...payload, me: withoutBadTrend(payload.me) };
        if (told.me !== payload.me) nara.countDrop("invalid");
        const change = hearHowdy(told, listeningTo(from), neighbourhood.get);
        apply(from, change);
        nara.mesh.peers.hint(from, payload.me.meshIp);
        for (const other of change.hearsay) {
          if (keep(other)) nara.mesh.peers.hint(other.name, other.status.meshIp);
        }
        if (to !== me.name) return;
        if (change.vote !== undefined) votes.cast(from, change.vote, nowS(state));
        const startTimeS = votes.consensus();
        if (startTimeS !== undefined) own.remember({ ...own.observation(), startTimeS });
        listener.onNote({
          kind: "howdy",
          about: from,
          icon: "🤗",
          text: `${from} says howdy`,
          detail: recommendation(payload.neighbours.length),
          signed: true,
        });
        announcer.introduce(from);
      });

      nara.on(newspaper, ({ payload, signature }) => {
        const { from, status } = payload;
        if (!papers.isNews(from, signature)) {
          nara.countDrop("duplicate");
          return;
        }
        if (isLateWord(neighbourhood.get(from), nowS(state))) {
          nara.countDrop("stale");
          return;
        }
        const before = neighbourhood.get(from)?.status;
        const edition = { from, status: withoutBadTrend(status) };
        if (edition.status !== status) nara.countDrop("invalid");
        apply(from, readNewspaper(neighbourhood.get(from), edition, listeningTo(from)));
        if (neighbourhood.has(from)) nara.mesh.peers.prove(from, status.meshIp);
        const { flair, trend } = edition.status;
        if (before?.flair === flair && before.trend === trend) return;
        listener.onNote({
          kind: "newspaper",
          about: from,
          icon: "📰",
          text: `${from} prints a newspaper`,
          detail: headline(edition.status),
          signed: true,
        });
      });

      nara.on(chau, left);

      // Its actor is here without having restarted (presence-and-life §5, Every 1 s).
      nara.on(social, ({ payload, tsNs }) => {
        if (!isEvidence(payload)) own.excite(buzzOfSocial);
        const known = neighbourhood.get(payload.actor);
        if (known === undefined) return;
        const lastSeenS = Number(tsNs / 1_000_000_000n);
        const isNews = lastSeenS > known.observation.lastSeenS && clock.nowNs() - tsNs < knockNs;
        if (isAbsent(known.observation) && isNews) {
          const observation = { ...withoutRestart(known.observation), lastSeenS };
          neighbourhood.put({ ...known, observation });
          listener.onAlive(known, { ...known, observation });
        }
        listener.onNeighbour(known.name);
      });
    },
  };
}

/** Missing it was, but that means no restart. */
const livedOn = (known: Neighbour): Neighbour =>
  known.observation.online === "MISSING"
    ? { ...known, observation: withoutRestart(known.observation) }
    : known;

/** Verified as its author's own words. */
interface Said<Svc extends "hey-there" | "chau"> {
  readonly payload: Payloads[Svc];
  readonly tsNs: bigint;
}

/** What I say of somebody who left while I knew them here (presence-and-life §2, Chau in). */
const farewell = {
  type: "observation",
  actor_id: "",
  target_id: "",
  reason: "offline",
  witness: "",
};

function recommendation(neighbours: number): string {
  if (neighbours === 0) return "and waves";
  return neighbours === 1 ? "and tells of a friend" : `and tells of ${neighbours} friends`;
}

function headline({ trend, buzz }: { readonly trend: string; readonly buzz: number }): string {
  if (trend !== "") return `all about ${trend}`;
  if (buzz >= 60) return "what a day!";
  return buzz >= 20 ? "a lively morning" : "a quiet morning";
}
