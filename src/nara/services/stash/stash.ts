/**
 * The stash: what friends keep for me, and what I keep for them. Nothing of it is on any disk.
 *
 * | I hear | I do |
 * |---|---|
 * | stash:store | keep it, if it is its sender's own, newer, and there is room; say so |
 * | stash:request | give back what I keep for who asks, and for nobody else |
 * | stash-refresh, hey_there of an owner | bring it back unasked |
 * | stash:response | open it; the note written last is mine |
 *
 * Waking, I say stash-refresh and ask who proved reliable. Living, I see to it that three keep my
 * note. Leaving, I hand over what would be lost with me.
 *
 * Sources: seed sample-service-stash; docs/protocol/mesh-runtime-checkpoints.md §4; docs/differences.md.
 */
import type { Payloads } from "../../events/event-kinds.ts";
import type { MemoryProfile } from "../../identity/memory-mode.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Message } from "../../runtime/message.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import type { StashView } from "../../view.ts";
import { heyThere, social } from "../presence/messages.ts";
import { type Neighbours, reachable } from "../reachable.ts";
import { type Candidate, wantedConfidants } from "./confidants.ts";
import { createCourier, givenBack } from "./courier.ts";
import { createKeeper, ownersHeld } from "./keeper.ts";
import {
  createStashRefresh,
  stashAck,
  stashBehaviours,
  stashRecovered,
  stashRequest,
  stashResponse,
  stashStore,
  whyNoRequest,
} from "./messages.ts";
import { createMine, type Mine } from "./mine.ts";
import { createReturns, responseOf } from "./returns.ts";
import { type Note, notePlaintext, type Vault } from "./vault.ts";

export interface StashParts {
  readonly vault: Vault;
  /** It may change while the nara lives. */
  memory(): MemoryProfile;
  readonly neighbours: Neighbours;
  /** The view is another. */
  onChange(): void;
}

type HeyTherePayload = Payloads["hey-there"];

/** Published in howdys and newspapers (docs/protocol/identity.md §8). */
export interface StashFigures {
  readonly stored: number;
  readonly bytes: number;
  readonly confidants: number;
}

export interface Stash {
  readonly service: Service;
  /** A refusal says why no friend keeps it yet; it is not lost, and goes on looking for some. */
  write(text: string): Promise<Outcome<void>>;
  note(): Note | undefined;
  /** What came back after something newer was written in its place. */
  earlier(): Note | undefined;
  figures(): StashFigures;
  view(): StashView;
}

/**
 * From the plaza's opening to the rounds of the search: hey_there comes within 5 s, howdys within 3 s
 * of it. Two of them are said aloud, for those who missed the hey_there: everybody hears that.
 */
const rounds = [
  { atMs: 8500, isAloud: true },
  { atMs: 20_000, isAloud: false },
  { atMs: 45_000, isAloud: true },
  { atMs: 90_000, isAloud: false },
] as const;
/** Gossiping naras have no plaza to wait for. */
const withoutPlazaMs = 10_000;
/** Between two looks at who keeps my note, and between two while nobody more is to be found. */
const tendMs = 15_000;
const longestTendMs = 240_000;
/** From a hey_there or a recovery to the next look: by then those concerned know each other. */
const soonMs = 4000;
/** A hey_there older than this is a memory, not a knock on the door (presence, `ears.ts`). */
const knockNs = 300_000_000_000n;
/** A call to come forward that is older than this was answered, or was not meant for now. */
const refreshNs = 60_000_000_000n;

export function createStash(parts: StashParts): Stash {
  const { neighbours, onChange } = parts;
  const room = (): number => ownersHeld(parts.memory().mode);
  const keeper = createKeeper(room);
  const stashRefresh = createStashRefresh((ownerId) => keeper.of(ownerId) !== undefined);
  let mine: Mine | undefined;

  const candidatesOf = (nara: ServiceContext): readonly Candidate[] =>
    reachable(nara, neighbours).flatMap(({ name, status, observation }) => {
      const id = nara.keyring.idOf(name) || status.id;
      return id === "" || name === nara.me.name
        ? []
        : [{ name, id, observation, memoryMode: status.memoryMode }];
    });

  const setUp = (nara: ServiceContext) => {
    const { me, clock } = nara;
    const nowS = (): number => Number(clock.nowNs() / 1_000_000_000n);
    const returns = createReturns(nara, keeper);
    const own = createMine({
      nara,
      vault: parts.vault,
      courier: createCourier(nara),
      candidates: () => candidatesOf(nara),
      onRecovered: (count) => void nara.emit(stashRecovered, { count }),
      onChange,
    });
    mine = own;

    // ── What I keep for others ────────────────────────────────────────────────────────────────

    nara.on(stashStore, (message) => {
      const { owner_id } = message.payload;
      const owner = ownerOf(nara, message);
      const outcome = keeper.store(owner, message.payload, nowS());
      const ack = { owner_id, stored_at: nowS(), success: outcome.ok };
      nara.reply(message, stashAck, { ...ack, reason: outcome.ok ? "" : outcome.refusal.why });
      if (!outcome.ok) {
        nara.countDrop(outcome.refusal.reason);
        nara.log.info(`I do not keep what ${owner.name} brings: ${outcome.refusal.why}`);
        return;
      }
      nara.log.info(`I keep something for ${owner.name}`);
      if (outcome.value.isNew) tellOfFriendship(nara, owner.name);
      onChange();
    });

    nara.on(stashRequest, (message) => {
      const { owner_id, request_id } = message.payload;
      const isOwn = whyNoRequest(message.payload) === undefined && owner_id === message.fromId;
      if (!isOwn) nara.countDrop(owner_id === "" ? "invalid" : "not_its_author");
      const kept = isOwn ? keeper.of(owner_id) : undefined;
      nara.reply(message, stashResponse, responseOf(owner_id, request_id, kept));
    });

    nara.on(stashRefresh, ({ payload, fromId, tsNs }) => {
      if (payload.owner_id !== fromId) nara.countDrop("not_its_author");
      else if (clock.nowNs() - tsNs > refreshNs) nara.countDrop("stale");
      else returns.push(fromId);
    });

    const returned = ({ From: name, ID: id }: HeyTherePayload, tsNs: bigint): void => {
      if (clock.nowNs() - tsNs > knockNs) return;
      if (keeper.of(id)?.owner.name === name) returns.push(id);
      if (own.confidants().some((confidant) => confidant.name === name)) {
        own.doubt(name, Number(tsNs / 1_000_000n));
        nara.after(soonMs, tend);
      }
    };
    nara.on(heyThere, ({ payload, tsNs }) => returned(payload, tsNs));
    const stopReading = nara.onTaken(({ event }) => {
      if (event.svc === "hey-there") returned(event.payload, event.tsNs);
    });

    // ── What others keep for me ───────────────────────────────────────────────────────────────

    nara.on(stashResponse, (message) => {
      const given = givenBack(message.payload);
      if (message.payload.owner_id !== me.id) nara.countDrop("not_for_me");
      else if (given !== undefined) {
        own.take(given, ownerOf(nara, message));
        nara.after(soonMs, tend);
      }
    });
    nara.on(stashAck, ({ from }) => nara.log.debug(`${from} acknowledges what nobody waits for`));

    let hasBegun = false;
    const search = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      for (const { atMs, isAloud } of rounds) {
        nara.after(atMs, () => void look(isAloud, atMs === rounds.at(-1)?.atMs));
      }
    };
    const look = async (isAloud: boolean, isLast: boolean): Promise<void> => {
      // Who has no address can be brought nothing.
      if (own.search() === "searching" && nara.mesh.address() !== "") {
        if (isAloud && nara.plazaIsOpen()) {
          nara.emit(stashRefresh, { owner_id: me.id, owner: me.name });
        }
        const outcome = await own.ask();
        if (outcome.ok) nara.after(soonMs, tend);
        else nara.log.info(outcome.refusal);
      }
      if (isLast) own.endSearch();
    };

    let nextTendMs = tendMs;
    let restMs = 0;
    function tend(): void {
      restMs = 0;
      void own.tend().then(() => {
        nextTendMs = own.standing().ok || own.note() === undefined ? tendMs : nextTendMs * 2;
        nextTendMs = Math.min(longestTendMs, nextTendMs);
        onChange();
      });
    }

    return {
      start() {
        nara.onPlazaOpen(search);
        nara.after(withoutPlazaMs, search);
        nara.every(
          () => tendMs,
          () => {
            restMs += tendMs;
            if (own.note() !== undefined && restMs >= nextTendMs) tend();
          },
        );
        return accept(undefined);
      },
      stop() {
        stopReading();
        handOver(nara, own);
      },
    };
  };

  /** Nobody waits for answers any more: what is said now either arrives or is lost. */
  const handOver = (nara: ServiceContext, own: Mine): void => {
    const note = own.note();
    for (const to of own.partingErrands()) {
      if (note === undefined) break;
      const sealed = parts.vault.seal(notePlaintext(note, nara.me.id));
      const ts = Number(nara.clock.nowNs() / 1_000_000_000n);
      nara.emit(
        stashStore,
        { owner_id: nara.me.id, owner: nara.me.name, ...sealed, ts },
        { to: { name: to.name, id: to.id } },
      );
    }
    const here = new Set(reachable(nara, neighbours).map(({ name }) => name));
    for (const kept of keeper.all()) {
      if (!here.has(kept.owner.name)) continue;
      nara.emit(stashResponse, responseOf(kept.owner.id, "", kept), { to: kept.owner });
    }
  };

  return {
    service: service("stash", [...stashBehaviours, stashRefresh], setUp),
    write: (text) => mine?.write(text) ?? Promise.resolve(refuse("The nara is not awake yet.")),
    note: () => mine?.note(),
    earlier: () => mine?.earlier(),
    figures: () => ({
      stored: keeper.count,
      bytes: keeper.bytes,
      confidants: mine?.confidants().length ?? 0,
    }),
    view() {
      const standing = mine?.standing();
      const note = mine?.note();
      return {
        search: mine?.search() ?? "searching",
        savedAtMs: note?.savedAtMs ?? 0,
        hasEarlier: mine?.earlier() !== undefined,
        confidants: (mine?.confidants() ?? []).map(({ name, keptAtMs }) => ({ name, keptAtMs })),
        wanted: wantedConfidants,
        trouble: note === undefined || standing?.ok !== false ? "" : standing.refusal,
        keeping: { owners: keeper.count, bytes: keeper.bytes, room: room() },
      };
    },
  };
}

/** By the key that signed: the id is proven, and the name is the one pinned for it. */
const ownerOf = (nara: ServiceContext, { fromId, from }: Message) => ({
  id: fromId,
  name: nara.keyring.nameOfId(fromId) ?? from,
});

/** It counts for something (docs/protocol/events-and-ledger.md §8, Clout); once for each owner. */
function tellOfFriendship(nara: ServiceContext, owner: string): void {
  nara.emit(social, {
    ...{ type: "service", reason: "stash-stored", actor: nara.me.name, target: owner },
    ...{ actor_id: "", target_id: "", witness: "" },
  });
}
