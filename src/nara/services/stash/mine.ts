/**
 * My own note, which only friends keep: who keeps it, finding others when they go, and getting it
 * back after I woke with nothing but a soul.
 *
 * Of all copies the one written last counts, by the time sealed into it: neither a former confidant
 * nor a replay can bring an older one over it.
 */
import { utf8Length } from "../../codec/utf8.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Addressee, ServiceContext } from "../../runtime/service.ts";
import { type Candidate, inOrderOfTrust, wantedConfidants } from "./confidants.ts";
import type { Courier, GivenBack } from "./courier.ts";
import { maxNoteBytes } from "./note-size.ts";
import { type Note, notePlaintext, readNote, type Vault } from "./vault.ts";

export interface MineParts {
  readonly nara: Pick<ServiceContext, "me" | "clock" | "random" | "log" | "after">;
  readonly vault: Vault;
  readonly courier: Courier;
  /** Those who are here and can be called. */
  candidates(): readonly Candidate[];
  /** A copy came back: how many could be read so far, 0 for one that could not. */
  onRecovered(count: number): void;
  onChange(): void;
}

export interface Confidant extends Addressee {
  /** By my clock. */
  readonly keptAtMs: number;
}

export type SearchState = "searching" | "found" | "nothing";

export interface Mine {
  note(): Note | undefined;
  /** What came back after something newer was written in its place. */
  earlier(): Note | undefined;
  /** Resolves when the first friend keeps it, or says why nobody does yet; it goes on by itself. */
  write(text: string): Promise<Outcome<void>>;
  /** Those who keep the note as it is. */
  confidants(): readonly Confidant[];
  /** Whether three friends keep it; else why not. */
  standing(): Outcome<void>;
  search(): SearchState;
  /** Asks some who were not asked yet. Refused when none of those asked so far has anything. */
  ask(): Promise<Outcome<void>>;
  endSearch(): void;
  /** Somebody gave something back, asked or not. */
  take(given: GivenBack, from: Addressee): void;
  /** It said hey_there, at that time by its clock: it may have lost what it took before. */
  doubt(name: string, saidAtMs: number): void;
  /** Sees to it that three keep the note. */
  tend(): Promise<void>;
  /** Leaves the note with whom it lacks, without waiting for an answer. */
  partingErrands(): readonly Addressee[];
}

interface Holder extends Confidant {
  /** `savedAtMs` of the note it keeps; -1 when it may have lost it. */
  readonly version: number;
  /** When it last restarted, as known when it took the note, Unix seconds. */
  readonly restartedAtS: number;
}

/** Candidates tried at once, and those asked in one round. */
const mostTries = 12;
const askedAtOnce = 4;
/** Who is full stays so for a while; who did not answer may have been away. */
const fullMs = 600_000;
const silentMs = 60_000;
/** Who keeps it is given it anew this often: what a friend lost unnoticed is found again. */
const renewMs = 3_600_000;
/** How long a person waits for the first friend. */
const patienceMs = 12_000;
/** A hey_there sooner than this after storing is no restart: it came with the acquaintance. */
const settledMs = 20_000;

export function createMine(parts: MineParts): Mine {
  const { nara, vault, courier, onChange } = parts;
  const { me, clock } = nara;
  const holders = new Map<string, Holder>();
  const unwilling = new Map<string, number>();
  const asked = new Set<string>();
  let note: Note | undefined;
  let earlier: Note | undefined;
  let isMyWriting = false;
  let copies = 0;
  let search: SearchState = "searching";
  let tending: Promise<void> | undefined;
  let onKept: () => void = () => {};

  const nowMs = (): number => Number(clock.nowNs() / 1_000_000n);
  const nowS = (): number => Math.floor(nowMs() / 1000);
  const current = (): readonly Holder[] =>
    [...holders.values()].filter(({ version }) => version === note?.savedAtMs);
  const inOrder = (): readonly Candidate[] =>
    inOrderOfTrust(parts.candidates(), nowS(), nara.random);

  const keepsIt = ({ name, id, observation }: Candidate, version: number): void => {
    const restartedAtS = observation.lastRestartS;
    holders.set(id, { name, id, version, keptAtMs: nowMs(), restartedAtS });
    unwilling.delete(id);
    onChange();
  };

  const leaveWith = async (candidate: Candidate): Promise<void> => {
    if (note === undefined) return;
    const { savedAtMs } = note;
    const { name, id } = candidate;
    const left = await courier.storeWith({ name, id }, vault.seal(notePlaintext(note, me.id)));
    if (left.ok) {
      keepsIt(candidate, savedAtMs);
      if (note.savedAtMs === savedAtMs) onKept();
      return;
    }
    nara.log.info(`${name} does not keep my note: ${left.refusal}`);
    const isFull = left.refusal.startsWith("store failed");
    unwilling.set(id, clock.monotonicMs() + (isFull ? fullMs : silentMs));
    if (holders.delete(id)) onChange();
  };

  /** Those who went, or came back without what they kept, keep it no longer. */
  const forgetLost = (here: ReadonlyMap<string, Candidate>): void => {
    for (const [id, until] of unwilling) if (until <= clock.monotonicMs()) unwilling.delete(id);
    for (const [id, holder] of holders) {
      const candidate = here.get(id);
      if (candidate === undefined) holders.delete(id);
      else if (candidate.observation.lastRestartS > holder.restartedAtS) {
        holders.set(id, { ...holder, version: -1 });
      } else continue;
      onChange();
    }
  };

  const seeToIt = async (): Promise<void> => {
    if (note === undefined) return;
    const candidates = inOrder();
    const here = new Map(candidates.map((candidate) => [candidate.id, candidate]));
    forgetLost(here);
    const { savedAtMs } = note;
    const outdated = candidates.filter(({ id }) => {
      const holder = holders.get(id);
      if (holder === undefined) return false;
      return holder.version !== savedAtMs || nowMs() - holder.keptAtMs > renewMs;
    });
    await Promise.all(outdated.map(leaveWith));
    const willing = candidates
      .filter(({ id }) => !holders.has(id) && !unwilling.has(id))
      .slice(0, mostTries);
    while (holders.size < wantedConfidants && willing.length > 0) {
      await Promise.all(willing.splice(0, wantedConfidants - holders.size).map(leaveWith));
    }
  };

  const tend = async (): Promise<void> => {
    while (tending !== undefined) await tending;
    tending = seeToIt().finally(() => {
      tending = undefined;
    });
    await tending;
  };

  const standing = (): Outcome<void> => {
    if (note === undefined) return refuse("no stash data to distribute");
    const count = current().length;
    if (count === 0) return refuse("no confidants configured");
    if (count >= wantedConfidants) return accept(undefined);
    return refuse(`minimum ${wantedConfidants} confidants required, only have ${count}`);
  };

  const adopt = (copy: Note): void => {
    if (isMyWriting && note !== undefined && note.text !== copy.text) earlier = note;
    note = copy;
    isMyWriting = false;
    copies = 0;
    search = "found";
  };

  const take = (given: GivenBack, from: Addressee): void => {
    const opened = vault.open(given);
    if (!opened.ok) {
      nara.log.error(`what ${from.name} gave back cannot be read: ${opened.refusal}`);
      if (copies === 0) parts.onRecovered(0);
      return;
    }
    const read = readNote(opened.value, me.id, given.storedAtS);
    if (!read.ok) {
      nara.log.info(`what ${from.name} gave back is no note of mine: ${read.refusal}`);
      return;
    }
    const copy = read.value;
    if (note === undefined || copy.savedAtMs > note.savedAtMs) adopt(copy);
    else if (copy.savedAtMs < note.savedAtMs) {
      const isNews = isMyWriting && copy.text !== note.text;
      if (isNews && copy.savedAtMs > (earlier?.savedAtMs ?? -1)) earlier = copy;
      onChange();
      return;
    }
    const candidate = parts.candidates().find(({ id }) => id === from.id);
    if (candidate !== undefined) keepsIt(candidate, copy.savedAtMs);
    copies += 1;
    parts.onRecovered(copies);
    onChange();
  };

  return {
    note: () => note,
    earlier: () => earlier,
    search: () => search,
    confidants: () =>
      current()
        .map(({ name, id, keptAtMs }) => ({ name, id, keptAtMs }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    standing,
    take,
    tend,

    async write(text) {
      if (utf8Length(text) > maxNoteBytes) {
        return refuse(`a note may have at most ${maxNoteBytes} bytes`);
      }
      if (isMyWriting === false && note !== undefined && note.text !== text) earlier = undefined;
      note = { text, savedAtMs: Math.max(nowMs(), (note?.savedAtMs ?? 0) + 1) };
      isMyWriting = true;
      onChange();
      const found = parts.candidates().length;
      if (holders.size === 0 && found < wantedConfidants) {
        nara.after(0, () => void tend());
        const why = `need at least ${wantedConfidants} online peers, only found ${found}`;
        return refuse(`failed to auto-select confidants: ${why}`);
      }
      const isKept = await new Promise<boolean>((resolve) => {
        onKept = () => resolve(true);
        nara.after(patienceMs, () => resolve(false));
        void tend().then(() => resolve(current().length > 0));
      });
      if (isKept) return accept(undefined);
      const willing = current().length;
      return refuse(`only found ${willing} willing confidants, need ${wantedConfidants}`);
    },

    async ask() {
      const next = inOrder().filter(({ id }) => !asked.has(id));
      await Promise.all(
        next.slice(0, askedAtOnce).map(async ({ name, id }) => {
          asked.add(id);
          const given = await courier.requestFrom({ name, id });
          if (given.ok) take(given.value, { name, id });
        }),
      );
      if (note !== undefined) return accept(undefined);
      return refuse(asked.size === 0 ? "no confidants configured" : "no confidant had our stash");
    },

    endSearch() {
      if (search !== "searching") return;
      search = "nothing";
      onChange();
    },

    doubt(name, saidAtMs) {
      for (const [id, holder] of holders) {
        const isOlder = saidAtMs < holder.keptAtMs || nowMs() - holder.keptAtMs < settledMs;
        if (holder.name !== name || isOlder) continue;
        holders.set(id, { ...holder, version: -1 });
        onChange();
      }
    },

    partingErrands() {
      if (note === undefined) return [];
      const keeping = new Set(current().map(({ id }) => id));
      return inOrder()
        .filter(({ id }) => !keeping.has(id) && !unwilling.has(id))
        .slice(0, Math.max(0, wantedConfidants - keeping.size));
    },
  };
}
