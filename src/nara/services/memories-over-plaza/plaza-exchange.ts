/**
 * Memories over the plaza, for naras without a mesh: answers who asks about some naras with the
 * social events that name them, and can ask so itself. What is told goes through the gate: a copy
 * without its signature is refused, and so never stands in the way of the signed original.
 * (docs/protocol/events-and-ledger.md §6, Legacy MQTT; docs/differences.md, Lists of events)
 */
import { isNameWeAccept } from "../../identity/names.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import { answerLedgerRequest } from "../../sync/legacy-ledger.ts";
import { partitionSubjects } from "../../sync/subjects.ts";
import { exchangeMessages } from "./messages.ts";

export interface PlazaExchange {
  readonly service: Service;
  /**
   * Asks these neighbours about these naras, each about its share; their answers are taken in as
   * they come. Does nothing while the plaza is away.
   *
   * @returns how many were asked.
   */
  ask(neighbours: readonly string[], subjects: readonly string[]): number;
}

/** An answer that comes later belongs to nothing that I asked. */
const answerMs = 60_000;
/** Neighbours asked at a time. */
const mostAsked = 50;

/** @param me my own name. */
export function createPlazaExchange(me: string): PlazaExchange {
  const { request, response } = exchangeMessages(me);
  /** Whom I asked, and when, in monotonic ms. */
  const asked = new Map<string, number>();
  let nara: ServiceContext | undefined;

  return {
    service: service("memories-over-plaza", [request, response], (context) => {
      nara = context;
      const { ledger, clock } = context;
      context.on(request, ({ payload }) => {
        const proven = ledger.events().filter(({ id }) => ledger.standingOf(id)?.tier === "proven");
        const text = answerLedgerRequest(payload, proven, me);
        context.emit(response, { text }, { to: { name: payload.from, id: "" } });
      });
      context.on(response, async ({ payload }) => {
        if ("text" in payload) return;
        const askedMs = asked.get(payload.from);
        asked.delete(payload.from);
        if (askedMs === undefined || clock.monotonicMs() - askedMs > answerMs) {
          context.countDrop("stale");
          return;
        }
        for (const [reason, count] of payload.drops) {
          for (let each = 0; each < count; each++) context.countDrop(reason);
        }
        await context.take(payload.events, { path: "plaza" });
      });
      return {};
    }),
    ask(neighbours, subjects) {
      if (nara?.plazaIsOpen() !== true) return 0;
      const peers = neighbours.filter((name) => isNameWeAccept(name) && name !== me);
      const shares = partitionSubjects(subjects, Math.min(peers.length, mostAsked));
      const nowMs = nara.clock.monotonicMs();
      for (const [name, askedMs] of asked) if (nowMs - askedMs > answerMs) asked.delete(name);
      let count = 0;
      for (const [index, share] of shares.entries()) {
        const peer = peers[index];
        if (peer === undefined || share.length === 0) continue;
        asked.set(peer, nowMs);
        nara.emit(request, { from: me, subjects: share }, { to: { name: peer, id: "" } });
        count++;
      }
      return count;
    },
  };
}
