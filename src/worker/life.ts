/**
 * One identity, one nara: brings the kept soul to life under an exclusive lock, changes it on
 * command, and ends it. Whoever looks on hears of every change of state and of every delta.
 */
import type { Rememberer } from "../nara/backup/bring-back.ts";
import type { Identity } from "../nara/identity/identity.ts";
import type { MemoryProfile } from "../nara/identity/memory-mode.ts";
import type { Manners } from "../nara/manners.ts";
import type { Nara } from "../nara/nara.ts";
import type { Outcome } from "../nara/outcome.ts";
import type { Cancel, Clock, Log, Random } from "../nara/ports.ts";
import type { Recall } from "../nara/recall.ts";
import type { Teased } from "../nara/services/gossip/direct.ts";
import type { NaraView, NaraViewDelta, TransportChoice } from "../nara/view.ts";
import type { Locks } from "./locks.ts";
import { dumpOf, rememberDump } from "./memories.ts";
import { chosenMemory } from "./memory-choice.ts";
import { checkPlazaUrl, plazaAddress, relayAddress } from "./plaza-choice.ts";
import type { Command, CommandResult, HostState, MemoryChoice, Settings } from "./protocol.ts";
import { refusalsIn } from "./refusals.ts";
import type { SoulStore } from "./soul-store.ts";
import { createTurns, within } from "./turns.ts";
import { isSame, mint, renamed, whoIs } from "./who.ts";

/** What a host asks of a nara. */
export interface HostedNara extends Rememberer {
  /** Connects and lives. */
  start(): void;
  /** Says chau before it returns, then disconnects. */
  stop(): Promise<void>;
  view(): NaraView;
  watch(listener: (delta: NaraViewDelta) => void): Cancel;
  readonly recall: Recall;
  /** A refusal is a sentence for the owner. */
  sendPostcard(message: string): Promise<Outcome<void>>;
  /** Remembers more or less from now on. */
  setMemory(memory: MemoryProfile): void;
  /** Talks another way from now on. */
  setTransport(choice: TransportChoice): void;
  /** Behaves another way from now on. */
  setManners(manners: Manners): void;
  /** Lets others look in from now on, or no more. A refusal is a sentence for the owner. */
  letLookIn(letsLookIn: boolean): Promise<Outcome<void>>;
  readonly checkpoints: Nara["checkpoints"];
  readonly stash: Nara["stash"];
  /** A refusal is a sentence for the owner. */
  tease(name: string): Promise<Outcome<Teased>>;
  readonly play: Nara["play"];
}

/** Where a nara meets others: `ws://` or `wss://`. */
export interface Places {
  readonly plazaUrl: string;
  readonly relayUrl: string;
}

/** How a nara lives at first. */
export interface Ways {
  readonly memory: MemoryProfile;
  readonly transport: TransportChoice;
  readonly manners: Manners;
  readonly letsLookIn: boolean;
}

/** Makes naras out of what this engine has. */
export interface NaraMaker {
  /** Base64 of the key the soul signs with. */
  publicKeyOf(who: Identity): string;
  create(who: Identity, places: Places, ways: Ways): HostedNara;
}

export interface LifeParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: SoulStore;
  readonly locks: Locks;
  /** A promise, because engines tell what cryptography they have only later. */
  readonly maker: Promise<NaraMaker>;
  /** Memory of the device, GiB, rounded; undefined where the browser does not tell. */
  readonly deviceGib: number | undefined;
  /** The state is of another kind, or another nara's. */
  onState(): void;
  onDelta(delta: NaraViewDelta): void;
}

export interface Life {
  state(): HostState;
  /** Does nothing while awake. @param origin where the pages come from. */
  wake(origin: string): void;
  /** Commands are obeyed one after the other; memories take as long as they take, meanwhile. */
  obey(command: Command): Promise<CommandResult>;
  /** Says chau before it returns, for a worker that may die now; then disconnects and unlocks. */
  end(): Promise<void>;
}

type Phase =
  | { readonly at: "asleep" }
  | { readonly at: "unreadable"; readonly stored: string; readonly why: string }
  | { readonly at: "elsewhere"; readonly who: Identity; readonly stopWaiting: Cancel }
  | {
      readonly at: "living";
      readonly who: Identity;
      readonly nara: HostedNara;
      readonly settings: Settings;
      readonly unwatch: Cancel;
      readonly release: Cancel;
    };

/** How long a leaving nara may take to flush and disconnect. */
const stopTimeoutMs = 3000;

export function createLife(parts: LifeParts): Life {
  const { clock, random, store, locks } = parts;
  const turns = createTurns((why) => parts.log({ level: "error", service: "host", text: why }));
  let phase: Phase = { at: "asleep" };
  let awake = false;
  let origin = "";
  /** Raised when everybody left: what was under way for them is void. */
  let visit = 0;

  const move = (next: Phase): void => {
    phase = next;
    parts.onState();
  };

  const lockOf = async (who: Identity): Promise<string> =>
    `nara ${(await parts.maker).publicKeyOf(who)}`;

  /** Reads the soul, minting one if there never was any. */
  const readWho = async (): Promise<Extract<Phase, { at: "unreadable" }> | Identity> => {
    let read = await store.read();
    if (read.is === "none") {
      const { soulText, name } = mint(random.bytes(32));
      const written = await store.writeIfNone({ soul: soulText, name });
      if (!written.ok) return { at: "unreadable", stored: "", why: written.refusal };
      read = await store.read();
    }
    if (read.is === "none") {
      const why = "This browser's storage forgot a soul that was just written.";
      return { at: "unreadable", stored: "", why };
    }
    if (read.is === "unreadable") return { at: "unreadable", stored: read.stored, why: read.why };
    const who = whoIs(read.kept);
    if (who.ok) return who.value;
    return { at: "unreadable", stored: read.kept.soul, why: who.refusal };
  };

  /** Lives as whoever storage says, or says why not. */
  const settle = async (mine: number): Promise<void> => {
    const read = await readWho();
    if (mine !== visit) return;
    if ("at" in read) return move(read);
    const lock = await lockOf(read);
    const release = await locks.tryTake(lock);
    if (mine !== visit) return release?.();
    if (release !== undefined) return live(read, release, mine);
    const onTaken = (taken: Cancel) => void turns.take(() => takeOver(read, taken, mine));
    move({ at: "elsewhere", who: read, stopWaiting: locks.take(lock, onTaken) });
  };

  /** The other host is gone; what it stored last counts. */
  const takeOver = async (expected: Identity, release: Cancel, mine: number): Promise<void> => {
    const read = await readWho();
    if (mine === visit && !("at" in read) && (await isSameKey(read, expected))) {
      return live(read, release, mine);
    }
    release();
    if (mine === visit) await settle(mine);
  };

  const isSameKey = async (a: Identity, b: Identity): Promise<boolean> =>
    (await lockOf(a)) === (await lockOf(b));

  const live = async (who: Identity, release: Cancel, mine: number): Promise<void> => {
    const kept = await store.readSettings();
    const maker = await parts.maker;
    if (mine !== visit) return release();
    const plaza = checkPlazaUrl(kept.plazaUrl, origin);
    const settings = { ...kept, plazaUrl: plaza.ok ? plaza.value : "" };
    const memory = chosenMemory(settings.memory, parts.deviceGib);
    const places = {
      plazaUrl: plazaAddress(settings.plazaUrl, origin),
      relayUrl: relayAddress(origin),
    };
    const { transport, manners, letsLookIn } = settings;
    const nara = maker.create(who, places, { memory, transport, manners, letsLookIn });
    nara.start();
    const unwatch = nara.watch(parts.onDelta);
    move({ at: "living", who, nara, settings, unwatch, release });
  };

  /** The nara of this phase is done; its lock is the caller's affair. */
  const rest = async (old: Phase): Promise<void> => {
    if (old.at !== "living") return;
    old.unwatch();
    phase = { at: "asleep" };
    await within(clock, stopTimeoutMs, old.nara.stop());
  };

  const become = async (next: Identity): Promise<CommandResult> => {
    const mine = visit;
    const old = phase;
    if (old.at === "unreadable" && (await isChosenElsewhere())) {
      await settle(mine);
      return refused("Another tab has chosen meanwhile; nothing was overwritten.");
    }
    const isHeld = old.at === "living" && (await isSameKey(old.who, next));
    const release = isHeld ? old.release : await locks.tryTake(await lockOf(next));
    if (release === undefined) return refused(`${next.name} lives in another tab already.`);
    const written = await store.write({ soul: next.soulText, name: next.name });
    if (!written.ok) {
      if (!isHeld) release();
      return refused(written.refusal);
    }
    if (mine === visit) {
      await rest(old);
      if (old.at === "living" && !isHeld) old.release();
    }
    await live(next, release, mine);
    return done;
  };

  const isChosenElsewhere = async (): Promise<boolean> => {
    const read = await store.read();
    return read.is === "kept" && whoIs(read.kept).ok;
  };

  const setPlaza = async (typed: string): Promise<CommandResult> => {
    const mine = visit;
    const old = phase;
    if (old.at !== "living") return refused(notHere(old));
    const plaza = checkPlazaUrl(typed, origin);
    if (!plaza.ok) return refused(plaza.refusal);
    if (plaza.value === old.settings.plazaUrl) return done;
    const written = await store.writeSettings({ ...old.settings, plazaUrl: plaza.value });
    if (!written.ok) return refused(written.refusal);
    if (mine !== visit) return done;
    await rest(old);
    await live(old.who, old.release, mine);
    return done;
  };

  /** Writes a choice down, and lets the nara live by it from now on. */
  const choose = async (
    change: Partial<Settings>,
    liveBy: (nara: HostedNara) => Promise<Outcome<void>> | void,
  ): Promise<CommandResult> => {
    const mine = visit;
    const old = phase;
    if (old.at !== "living") return refused(notHere(old));
    const settings = { ...old.settings, ...change };
    const written = await store.writeSettings(settings);
    if (!written.ok) return refused(written.refusal);
    if (mine !== visit) return done;
    const lived = await liveBy(old.nara);
    if (mine === visit) move({ ...old, settings });
    return lived?.ok === false ? refused(lived.refusal) : done;
  };

  const setMemory = (memory: MemoryChoice): Promise<CommandResult> =>
    choose({ memory }, (nara) => nara.setMemory(chosenMemory(memory, parts.deviceGib)));

  const setTransport = (transport: TransportChoice): Promise<CommandResult> =>
    choose({ transport }, (nara) => nara.setTransport(transport));

  const setManners = (manners: Manners): Promise<CommandResult> =>
    choose({ manners }, (nara) => nara.setManners(manners));

  const setLookIn = (letsLookIn: boolean): Promise<CommandResult> =>
    choose({ letsLookIn }, (nara) => nara.letLookIn(letsLookIn));

  const tease = async (name: string): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const teased = await phase.nara.tease(name);
    if (!teased.ok) return refused(teased.refusal);
    const { words, way, isKept } = teased.value;
    return { ok: true, type: "teased", words, way, isKept };
  };

  const play = async ({
    name,
    hand,
  }: Extract<Command, { type: "play" }>): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const played = await phase.nara.play(name, hand);
    return played.ok
      ? { ok: true, type: "played", played: played.value }
      : refused(`${played.refusal}.`);
  };

  const rename = async (typed: string): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const next = renamed(phase.who, typed.trim());
    if (!next.ok) return refused(next.refusal);
    return isSame(next.value, phase.who) ? done : become(next.value);
  };

  const inspect = (soul: string, name: string): CommandResult => {
    const read = whoIs({ soul: soul.trim(), name: name.trim() });
    if (!read.ok) return refused(read.refusal);
    const { id, bondValid } = read.value;
    const same = "who" in phase && isSame(read.value, phase.who);
    return { ok: true, type: "soul-inspected", name: read.value.name, id, bondValid, same };
  };

  const importSoul = async (soul: string, name: string): Promise<CommandResult> => {
    if (phase.at !== "living" && phase.at !== "unreadable") return refused(notHere(phase));
    const next = whoIs({ soul: soul.trim(), name: name.trim() });
    if (!next.ok) return refused(next.refusal);
    return phase.at === "living" && isSame(next.value, phase.who) ? done : become(next.value);
  };

  const startAnew = async (): Promise<CommandResult> => {
    if (phase.at !== "living" && phase.at !== "unreadable") return refused(notHere(phase));
    return become(mint(random.bytes(32)));
  };

  const exportSoul = (): CommandResult => {
    if (!("who" in phase)) return refused(notHere(phase));
    return { ok: true, type: "soul", soul: phase.who.soulText, name: phase.who.name };
  };

  /** Reading changes nothing and waits for nothing. */
  const recall = (command: Extract<Command, { type: Reading }>): CommandResult => {
    if (phase.at !== "living") return refused(notHere(phase));
    const { recall, checkpoints } = phase.nara;
    if (command.type === "checkpoints") {
      return { ok: true, type: "checkpoints", chain: checkpoints.chain(command.name) };
    }
    return command.type === "recall"
      ? { ok: true, type: "recalled", page: recall.page(command.query) }
      : { ok: true, type: "beliefs", beliefs: recall.beliefs(command.name) };
  };

  const exportEvents = async (): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const events = phase.nara.memories();
    const dump = await dumpOf(events, clock);
    return { ok: true, type: "events-exported", dump, events: events.length };
  };

  const importEvents = async (dump: Blob): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const { nara } = phase;
    const isHere = (): boolean => phase.at === "living" && phase.nara === nara;
    const report = await rememberDump(dump, nara, isHere);
    if (!report.ok) return refused(report.refusal);
    const refusals = refusalsIn(report.value);
    return { ok: true, type: "events-imported", report: report.value, refusals };
  };

  const sendPostcard = async (message: string): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const sent = await phase.nara.sendPostcard(message);
    return sent.ok ? done : refused(sent.refusal);
  };

  const askCheckpoint = (): CommandResult => {
    if (phase.at !== "living") return refused(notHere(phase));
    const asked = phase.nara.checkpoints.ask();
    return asked.ok ? done : refused(asked.refusal);
  };

  const writeNote = async (text: string): Promise<CommandResult> => {
    if (phase.at !== "living") return refused(notHere(phase));
    const written = await phase.nara.stash.write(text);
    return written.ok ? done : refused(`No friend keeps it yet: ${written.refusal}.`);
  };

  const readNote = (): CommandResult => {
    if (phase.at !== "living") return refused(notHere(phase));
    const { stash } = phase.nara;
    return { ok: true, type: "note", note: stash.note() ?? null, earlier: stash.earlier() ?? null };
  };

  const obey = async (command: Command): Promise<CommandResult> => {
    switch (command.type) {
      case "rename":
        return rename(command.name);
      case "export-soul":
        return exportSoul();
      case "inspect-soul":
        return inspect(command.soul, command.name);
      case "import-soul":
        return importSoul(command.soul, command.name);
      case "start-anew":
        return startAnew();
      case "set-plaza":
        return setPlaza(command.url);
      case "set-memory":
        return setMemory(command.choice);
      case "send-postcard":
        return sendPostcard(command.message);
      case "write-note":
        return writeNote(command.text);
      case "read-note":
        return readNote();
      case "set-transport":
        return setTransport(command.choice);
      case "set-manners":
        return setManners(command.manners);
      case "set-look-in":
        return setLookIn(command.letsLookIn);
      case "tease":
        return tease(command.name);
      case "play":
        return play(command);
      case "ask-checkpoint":
        return askCheckpoint();
      case "recall":
      case "why":
      case "checkpoints":
        return recall(command);
      case "export-events":
        return exportEvents();
      case "import-events":
        return importEvents(command.dump);
    }
  };

  /** Stops listening and waiting; what lives on is the caller's to end. */
  const leave = (): Phase => {
    const old = phase;
    phase = { at: "asleep" };
    awake = false;
    visit += 1;
    if (old.at === "elsewhere") old.stopWaiting();
    if (old.at === "living") old.unwatch();
    return old;
  };

  const gone = async (stopping: Promise<void>, release: Cancel): Promise<void> => {
    await within(clock, stopTimeoutMs, stopping);
    release();
  };

  return {
    state: () => stateOf(phase),

    wake: (from) => {
      if (awake) return;
      awake = true;
      origin = from;
      const mine = visit;
      void turns.take(async () => {
        if (mine === visit) await settle(mine);
      });
    },

    obey: async (command) => {
      if (isReading(command)) return recall(command);
      if (takesLong.has(command.type)) {
        // It may take long and changes nobody: it waits for what was asked before, but holds up nothing.
        await turns.take(async () => {});
        return obey(command);
      }
      const result = await turns.take(() => obey(command));
      return result ?? refused("Something went wrong inside; the log tells more.");
    },

    end: async () => {
      const old = leave();
      if (old.at !== "living") return;
      const stopping = old.nara.stop();
      await turns.take(() => gone(stopping, old.release));
    },
  };
}

type Reading = "recall" | "why" | "checkpoints";
const isReading = (command: Command): command is Extract<Command, { type: Reading }> =>
  command.type === "recall" || command.type === "why" || command.type === "checkpoints";

const takesLong: ReadonlySet<Command["type"]> = new Set([
  "export-events",
  "import-events",
  "send-postcard",
  "write-note",
  "tease",
  "play",
]);

const done: CommandResult = { ok: true, type: "done" };

function refused(why: string): CommandResult {
  return { ok: false, type: "refused", why };
}

function notHere(phase: Phase): string {
  if (phase.at === "elsewhere") return `${phase.who.name} lives in another tab; say it there.`;
  if (phase.at === "unreadable") return "There is no nara yet: import a soul or start anew first.";
  return "The nara is not awake yet.";
}

function stateOf(phase: Phase): HostState {
  switch (phase.at) {
    case "asleep":
      return { life: "waking" };
    case "unreadable":
      return { life: "soul-unreadable", stored: phase.stored, why: phase.why };
    case "elsewhere":
      return { life: "elsewhere", name: phase.who.name };
    case "living":
      return { life: "living", view: phase.nara.view(), settings: phase.settings };
  }
}
