/**
 * Who speaks with which key. The first key that proves itself for a name, and for an id, is
 * pinned; any other is refused and remembered as a conflict that a person can see.
 * (design "What we accept" 4; docs/protocol/identity.md §10 tells what the reference does instead)
 */
import type { DropReason } from "./drops.ts";

export interface KeyConflict {
  readonly name: string;
  readonly id: string;
  /** The key that was refused last, base64. */
  readonly refusedKey: string;
  readonly times: number;
}

export type PinVerdict =
  | "pinned"
  | "known"
  | Extract<DropReason, "key_conflict" | "id_conflict" | "crowded" | "too_many_introduced">;

export interface Keyring {
  /** Base64 public key pinned for a name; undefined while unknown. */
  keyOf(name: string): string | undefined;
  keyOfId(id: string): string | undefined;
  /** Id pinned for a name; "" while unknown. */
  idOf(name: string): string;
  nameOfId(id: string): string | undefined;
  /**
   * Pins a key that has just proved itself. An empty id pins the name alone; a later one is
   * added. Refusals are recorded.
   *
   * @param nameIsSigned the author's name was proved too. A newspaper does not: anybody can print
   *   another's anew under a name of their own. An id that came so is given up as soon as its
   *   key proves another name, and a name as soon as another key claims it: whose name it is
   *   proves it within two minutes (docs/decisions/staying-evident.md).
   */
  pin(name: string, id: string, publicKey: string, nameIsSigned?: boolean): PinVerdict;
  /**
   * Pins the key of somebody who greets by way of another. Keys are quickly made up, so each
   * teller has room for a few only, and all of them together leave half to those who come
   * themselves: `too_many_introduced`. Who then comes itself counts no longer.
   *
   * @param teller name of who brought the greeting.
   */
  pinTold(name: string, publicKey: string, teller: string): PinVerdict;
  /** A signature under this key covers the name: nobody else's key may have it from now on. */
  confirm(name: string, publicKey: string): void;
  /** Its key proved the name; else a newspaper under this name is all there was. */
  isProven(name: string): boolean;
  /** What `pin` would answer, without doing it or recording anything. */
  judge(name: string, id: string, publicKey: string, nameIsSigned?: boolean): PinVerdict;
  conflictsOf(name: string): number;
  conflicts(): readonly KeyConflict[];
  forget(name: string): void;
  readonly size: number;
}

/** Conflicts remembered; an attacker can make any number of them, a person reads the first few. */
const maxConflicts = 500;
/** Names pinned at a time. Services forget the pins of naras they forget; this is the last resort. */
const maxPins = 10_000;
/** Names on the word of others, all tellers together. */
const maxTold = maxPins / 2;
/** Names on the word of one teller: twice the largest network that is spoken of (500 naras). */
export const maxToldByOne = 1000;

interface Pin {
  readonly publicKey: string;
  id: string;
  /** The key said this name itself. */
  isNamed: boolean;
  /** Who brought it; "" once its owner came itself. */
  teller: string;
}

/** @param own pinned from the start and never forgotten. */
export function createKeyring(
  own: { readonly name: string; readonly id: string; readonly publicKey: string },
  onConflict: (conflict: KeyConflict) => void = () => {},
): Keyring {
  const byName = new Map<string, Pin>();
  const nameOfId = new Map<string, string>();
  const conflicts = new Map<string, KeyConflict>();
  byName.set(own.name, { publicKey: own.publicKey, id: own.id, isNamed: true, teller: "" });
  nameOfId.set(own.id, own.name);

  const toldBy = new Map<string, number>();
  let told = 0;

  /** @param change +1 or −1 name on this teller's word. */
  const countTold = (teller: string, change: number): void => {
    if (teller === "") return;
    told += change;
    const count = (toldBy.get(teller) ?? 0) + change;
    if (count === 0) toldBy.delete(teller);
    else toldBy.set(teller, count);
  };

  const holderOf = (id: string): Pin | undefined => byName.get(nameOfId.get(id) ?? "");

  const mayHold = (name: string, id: string, publicKey: string, isNamed: boolean): boolean => {
    const holder = holderOf(id);
    if (holder === undefined || nameOfId.get(id) === name) return true;
    return holder.publicKey === publicKey && isNamed && !holder.isNamed;
  };

  const judge = (name: string, id: string, publicKey: string, nameIsSigned = true): PinVerdict => {
    const held = byName.get(name);
    const pin = held !== undefined && yields(held, publicKey) ? undefined : held;
    if (pin !== undefined && pin.publicKey !== publicKey) return "key_conflict";
    if (id !== "") {
      const isNamed = nameIsSigned || pin?.isNamed === true;
      if (!mayHold(name, id, publicKey, isNamed)) return "id_conflict";
      if (pin !== undefined && pin.id !== "" && pin.id !== id) return "id_conflict";
    }
    if (held === undefined && byName.size >= maxPins) return "crowded";
    return pin !== undefined && (id === "" || pin.id === id) ? "known" : "pinned";
  };

  const forget = (name: string): void => {
    const pin = byName.get(name);
    if (name === own.name || pin === undefined) return;
    byName.delete(name);
    countTold(pin.teller, -1);
    if (pin.id !== "") nameOfId.delete(pin.id);
  };

  const noteConflict = (name: string, id: string, refusedKey: string): void => {
    const earlier = conflicts.get(name);
    if (earlier === undefined && conflicts.size >= maxConflicts) return;
    const conflict = { name, id, refusedKey, times: (earlier?.times ?? 0) + 1 };
    conflicts.set(name, conflict);
    onConflict(conflict);
  };

  return {
    keyOf: (name) => byName.get(name)?.publicKey,
    keyOfId: (id) => holderOf(id)?.publicKey,
    idOf: (name) => byName.get(name)?.id ?? "",
    nameOfId: (id) => nameOfId.get(id),
    judge,
    pin(name, id, publicKey, nameIsSigned = true) {
      const verdict = judge(name, id, publicKey, nameIsSigned);
      if (verdict === "crowded") return verdict;
      if (verdict === "key_conflict" || verdict === "id_conflict") {
        noteConflict(name, id, publicKey);
        return verdict;
      }
      const held = byName.get(name);
      if (held !== undefined && yields(held, publicKey)) forget(name);
      const pin = byName.get(name) ?? { publicKey, id: "", isNamed: false, teller: "" };
      countTold(pin.teller, -1);
      pin.teller = "";
      pin.isNamed ||= nameIsSigned;
      byName.set(name, pin);
      if (pin.id === "" && id !== "") {
        const earlier = holderOf(id);
        if (earlier !== undefined) earlier.id = "";
        pin.id = id;
        nameOfId.set(id, name);
      }
      return verdict;
    },
    pinTold(name, publicKey, teller) {
      const verdict = judge(name, "", publicKey);
      if (verdict === "key_conflict") noteConflict(name, "", publicKey);
      if (verdict === "known") {
        const pin = byName.get(name);
        if (pin !== undefined) pin.isNamed = true;
      }
      if (verdict !== "pinned") return verdict;
      if (told >= maxTold || (toldBy.get(teller) ?? 0) >= maxToldByOne) {
        return "too_many_introduced";
      }
      byName.set(name, { publicKey, id: "", isNamed: true, teller });
      countTold(teller, 1);
      return verdict;
    },
    confirm(name, publicKey) {
      const pin = byName.get(name);
      if (pin?.publicKey === publicKey) pin.isNamed = true;
    },
    isProven: (name) => byName.get(name)?.isNamed === true,
    conflictsOf: (name) => conflicts.get(name)?.times ?? 0,
    conflicts: () => [...conflicts.values()],
    forget,
    get size() {
      return byName.size;
    },
  };
}

/** Nobody ever proved that the key has this name: it goes to the next that claims it. */
const yields = (held: Pin, publicKey: string): boolean =>
  held.publicKey !== publicKey && !held.isNamed;
