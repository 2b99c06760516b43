/** What the ledger holds of each nara, by name: what it did, what was done to it, who watches it. */
import { actorOf, type SyncEvent, targetOf } from "../events/sync-event.ts";
import { createColumn } from "./columns.ts";
import { createSlotLists, emptyList, none, type SlotList } from "./slot-lists.ts";

export interface Acquaintances {
  add(slot: number, event: SyncEvent): void;
  /** The slot must be in, with that event. */
  remove(slot: number, event: SyncEvent): void;
  /** Events whose actor has this name, in order of arrival. */
  actsOf(name: string): Iterable<number>;
  /** Events whose target has this name, in order of arrival. */
  targeting(name: string): Iterable<number>;
  /**
   * Those that a new one competes with, in order of arrival: pings to its target, observations by
   * its pair; none for all other kinds.
   */
  rivalsOf(event: SyncEvent): Iterable<number>;
  /** How many those are. */
  rivalCount(event: SyncEvent): number;
  /** Checkpoints about this nara, in order of arrival. */
  checkpointsOf(name: string): Iterable<number>;
  /**
   * Whether a slot's event has an actor, target or emitter whose name fits. To be asked at once:
   * names are looked at one by one before, so that slots need not be.
   */
  naming(fits: (name: string) => boolean): (slot: number) => boolean;
}

interface Acquaintance {
  readonly number: number;
  /** How many events it emitted that are neither by nor about it. */
  told: number;
  readonly acts: SlotList;
  readonly received: SlotList;
  readonly pings: SlotList;
  readonly checkpoints: SlotList;
  /** Observations of it, by the name of the observer. */
  readonly observedBy: Map<string, SlotList>;
}

export function createAcquaintances(): Acquaintances {
  const byName = new Map<string, Acquaintance>();
  const acts = createSlotLists();
  const received = createSlotLists();
  /** Links of pings, of checkpoints and of observations: an event is of one kind. */
  const alike = createSlotLists();
  /** Numbers of names by slot. */
  const actors = createColumn(Int32Array);
  const targets = createColumn(Int32Array);
  const tellers = createColumn(Int32Array);
  /** Of those who were forgotten. */
  const freeNumbers: number[] = [];

  const meet = (name: string): Acquaintance => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const met = {
      number: freeNumbers.pop() ?? byName.size + 1,
      told: 0,
      acts: emptyList(),
      received: emptyList(),
      pings: emptyList(),
      checkpoints: emptyList(),
      observedBy: new Map<string, SlotList>(),
    };
    byName.set(name, met);
    return met;
  };

  /** Those of its kind to the same target; a pair's list is made when its first one comes. */
  const alikeList = (event: SyncEvent, target: Acquaintance): SlotList | undefined => {
    if (event.svc === "ping") return target.pings;
    if (event.svc === "checkpoint") return target.checkpoints;
    if (event.svc !== "observation") return undefined;
    const { observer } = event.payload;
    const known = target.observedBy.get(observer);
    if (known !== undefined) return known;
    const list = emptyList();
    target.observedBy.set(observer, list);
    return list;
  };

  const forgetIfBare = (name: string): void => {
    const known = byName.get(name);
    if (known === undefined) return;
    if (known.acts.size > 0 || known.received.size > 0 || known.told > 0) return;
    byName.delete(name);
    freeNumbers.push(known.number);
  };

  return {
    add(slot, event) {
      const actor = actorOf(event);
      const name = targetOf(event);
      const target = meet(name);
      received.append(target.received, slot);
      targets.set(slot, target.number);
      actors.set(slot, nobody);
      if (actor !== "") {
        const known = meet(actor);
        acts.append(known.acts, slot);
        actors.set(slot, known.number);
      }
      if (isTold(event, actor, name)) {
        const teller = meet(event.emitter);
        teller.told++;
        tellers.set(slot, teller.number);
      } else if (tellers.at(slot) !== nobody) {
        tellers.set(slot, nobody);
      }
      const list = alikeList(event, target);
      if (list !== undefined) alike.append(list, slot);
    },
    remove(slot, event) {
      const actor = actorOf(event);
      const name = targetOf(event);
      if (actor !== "") acts.remove(meet(actor).acts, slot);
      const target = meet(name);
      received.remove(target.received, slot);
      const list = alikeList(event, target);
      if (list !== undefined) alike.remove(list, slot);
      if (event.svc === "observation" && list?.size === 0) target.observedBy.delete(actor);
      if (isTold(event, actor, name)) {
        meet(event.emitter).told--;
        forgetIfBare(event.emitter);
      }
      forgetIfBare(actor);
      forgetIfBare(name);
    },
    naming(fits) {
      const isNamed = new Uint8Array(byName.size + freeNumbers.length + 1);
      for (const [name, { number }] of byName) if (name !== "" && fits(name)) isNamed[number] = 1;
      return (slot) =>
        isNamed[targets.at(slot)] === 1 ||
        isNamed[actors.at(slot)] === 1 ||
        isNamed[tellers.at(slot)] === 1;
    },
    actsOf: (name) => walk(byName.get(name)?.acts, acts.next),
    targeting: (name) => walk(byName.get(name)?.received, received.next),
    rivalsOf: (event) => walk(rivalsIn(byName, event), alike.next),
    checkpointsOf: (name) => walk(byName.get(name)?.checkpoints, alike.next),
    rivalCount: (event) => rivalsIn(byName, event)?.size ?? 0,
  };
}

/** The number of no name. */
const nobody = 0;

const isTold = ({ emitter }: SyncEvent, actor: string, target: string): boolean =>
  emitter !== "" && emitter !== actor && emitter !== target;

function rivalsIn(
  byName: ReadonlyMap<string, Acquaintance>,
  event: SyncEvent,
): SlotList | undefined {
  if (event.svc === "ping") return byName.get(event.payload.target)?.pings;
  if (event.svc !== "observation") return undefined;
  return byName.get(event.payload.subject)?.observedBy.get(event.payload.observer);
}

function* walk(list: SlotList | undefined, next: (slot: number) => number): Iterable<number> {
  for (let slot = list?.first ?? none; slot !== none; slot = next(slot)) yield slot;
}
