/**
 * The page's end of the protocol: follows the host, keeps what it says in a Solid store, and sends
 * commands. Hellos are said again whenever something was missed; nothing polls.
 */
import { batch, createSignal } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { Manners } from "../nara/manners.ts";
import type { MeView, NaraView, NeighbourView, TimelineEntry } from "../nara/view.ts";
import {
  type Command,
  type CommandResult,
  type HostState,
  type MemoryChoice,
  openManners,
  type ToHost,
  type ToPage,
} from "../worker/protocol.ts";
import { type Followed, follow, nobodyYet, nothingFollowed } from "./following.ts";

/** What reaches the host, whichever kind it is (src/worker/connect.ts). */
export interface Connection {
  post(message: ToHost): void;
  onMessage(listener: (message: ToPage) => void): void;
  /** Why there is no nara, in a sentence; undefined once there is. */
  onTrouble(listener: (trouble: { readonly why: string } | undefined) => void): void;
  /** Asks for a welcome and a snapshot. */
  hello(): void;
  /** Loads a newer page; false when that did not help before. */
  reload(): boolean;
}

/** The living view as a store: components read fields, and only those that changed are redrawn. */
export interface Living {
  me: MeView;
  neighbours: NeighbourView[];
  timeline: TimelineEntry[];
  plaza: NaraView["plaza"];
  mesh: NaraView["mesh"];
  postcards: NaraView["postcards"];
  stash: NaraView["stash"];
  checkpoints: NaraView["checkpoints"];
  games: NaraView["games"];
  drops: NaraView["drops"][number][];
  memory: NaraView["memory"];
  clockSkewMs: number | null;
  plazaUrl: string;
  /** What was chosen; what came of it is `memory`. */
  memoryChoice: MemoryChoice;
  manners: Manners;
}

export interface NaraClient {
  /** What the host is doing, without the view. */
  readonly host: () => Exclude<HostState, { life: "living" }> | { readonly life: "living" };
  /** What keeps the page from its nara; undefined while all is well. */
  readonly trouble: () => string | undefined;
  /** Holds a nara only while `host().life` is "living" or was. */
  readonly living: Living;
  /** Resolves with the host's answer; never rejects. */
  command(command: Command): Promise<CommandResult>;
}

/** A host that does not answer a command for so long will not. */
const commandTimeoutMs = 20_000;
/** A memory of 320 000 events is written or read, and checked, in well less. */
const memoriesTimeoutMs = 600_000;

export const createNaraClient = (connection: Connection): NaraClient => {
  const [host, setHost] = createSignal<ReturnType<NaraClient["host"]>>({ life: "waking" });
  const [living, setLiving] = createStore<Living>(nothingShown());
  const [trouble, setTrouble] = createSignal<string | undefined>();
  const waiting = new Map<number, (result: CommandResult) => void>();
  let known: Followed = nothingFollowed;
  let lastId = 0;
  let asked = false;

  /** One by one while nobody has gone: a delta touches few of many. */
  const showNeighbours = (
    next: readonly NeighbourView[],
    before: readonly NeighbourView[],
  ): void => {
    if (before.some(({ name }, at) => next[at]?.name !== name)) {
      setLiving("neighbours", reconcile(copies(next), { key: "name" }));
      return;
    }
    next.forEach((neighbour, at) => {
      if (neighbour !== before[at]) setLiving("neighbours", at, reconcile({ ...neighbour }));
    });
  };

  const show = (state: HostState, before: HostState): void => {
    if (state.life !== "living") {
      setHost(state);
      return;
    }
    const { view, settings } = state;
    const shown = before.life === "living" ? before.view : undefined;
    batch(() => {
      if (view.me !== shown?.me) setLiving("me", reconcile({ ...view.me }));
      if (view.neighbours !== shown?.neighbours) {
        showNeighbours(view.neighbours, shown?.neighbours ?? []);
      }
      if (view.timeline !== shown?.timeline) {
        setLiving("timeline", reconcile(copies(view.timeline), { key: "id" }));
      }
      if (view.drops !== shown?.drops) {
        setLiving("drops", reconcile(copies(view.drops), { key: "reason" }));
      }
      if (view.plaza !== shown?.plaza) setLiving("plaza", reconcile({ ...view.plaza }));
      if (view.mesh !== shown?.mesh) setLiving("mesh", reconcile(view.mesh));
      if (view.postcards !== shown?.postcards) {
        setLiving("postcards", reconcile(postcardsOf(view), { key: "id" }));
      }
      if (view.stash !== shown?.stash) setLiving("stash", reconcile(view.stash, { key: "name" }));
      if (view.checkpoints !== shown?.checkpoints) {
        setLiving("checkpoints", reconcile(view.checkpoints));
      }
      if (view.games !== shown?.games) setLiving("games", { ...view.games });
      if (view.memory !== shown?.memory) setLiving("memory", reconcile(view.memory));
      setLiving({ clockSkewMs: view.clockSkewMs, plazaUrl: settings.plazaUrl });
      setLiving("memoryChoice", { ...settings.memory });
      setLiving("manners", reconcile(settings.manners));
      if (host().life !== "living") setHost({ life: "living" });
    });
  };

  /** A host that restarted has forgotten what was asked of it. */
  const forgetCommands = (): void => {
    for (const answer of waiting.values()) {
      answer({ ok: false, type: "refused", why: "the nara woke anew meanwhile; please try again" });
    }
    waiting.clear();
  };

  connection.onMessage((message) => {
    if (message.type === "result") {
      waiting.get(message.id)?.(message.result);
      waiting.delete(message.id);
      return;
    }
    const step = follow(known, message);
    if (step.kind === "outdated") {
      if (!connection.reload())
        setTrouble("this page is older than its nara, and reloading did not help.");
    } else if (step.kind === "lost") {
      if (!asked) connection.hello();
      asked = true;
    } else if (step.kind === "followed") {
      if (known.epoch !== "" && step.followed.epoch !== known.epoch) forgetCommands();
      const before = known.host;
      known = step.followed;
      if (message.type !== "welcome") show(known.host, before);
      asked = false;
    }
  });
  connection.onTrouble((found) => setTrouble(found?.why));
  connection.hello();

  return {
    host,
    trouble,
    living,
    command(command) {
      lastId += 1;
      const id = lastId;
      return new Promise((answer) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          answer({ ok: false, type: "refused", why: "the nara did not answer; please try again" });
        }, timeoutOf(command));
        waiting.set(id, (result) => {
          clearTimeout(timer);
          answer(result);
        });
        connection.post({ type: "command", id, command });
      });
    },
  };
};

/** Three carriers are tried in turn, 15 s each, and a little more. */
const postcardTimeoutMs = 50_000;

const timeoutOf = ({ type }: Command): number => {
  if (type === "send-postcard") return postcardTimeoutMs;
  return type === "export-events" || type === "import-events"
    ? memoriesTimeoutMs
    : commandTimeoutMs;
};

/** The store writes into what it is given; what is followed must stay as it was. */
const copies = <Part extends object>(parts: readonly Part[]): Part[] =>
  parts.map((part) => ({ ...part }));

const postcardsOf = ({ postcards }: NaraView): NaraView["postcards"] => ({
  ...postcards,
  underWay: copies(postcards.underWay),
  home: copies(postcards.home),
});

const nothingShown = (): Living => ({
  ...nobodyYet(),
  neighbours: [],
  timeline: [],
  drops: [],
  plazaUrl: "",
  memoryChoice: { mode: "auto", maxEvents: 0 },
  manners: openManners,
});
