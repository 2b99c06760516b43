/**
 * A nara: an identity, its services and a runtime on the ports of a host.
 *
 * @example
 * const nara = createNara({ identity: createIdentity(soul, "alice"), ports });
 * nara.watch((delta) => show(delta));
 * nara.start();
 */
import { encodeBase64 } from "./codec/base64.ts";
import type { Identity } from "./identity/identity.ts";
import { type MemoryMode, memoryProfile } from "./identity/memory-mode.ts";
import type { Cancel, Ports } from "./ports.ts";
import { createRuntime, type Runtime } from "./runtime/runtime.ts";
import { createPresence } from "./services/presence/presence.ts";
import type { NaraView, NaraViewDelta } from "./view.ts";
import { createViewFeed } from "./view-feed.ts";

export interface NaraParts {
  readonly identity: Identity;
  readonly ports: Ports;
  /** How much it remembers; `short` suits a page among many. */
  readonly memoryMode?: MemoryMode;
}

export interface Nara {
  readonly name: string;
  readonly runtime: Runtime;
  /** Connects and lives, until it is stopped. A lost plaza is tried again for ever. */
  start(): void;
  /** Says chau before it returns, then leaves the plaza. */
  stop(): Promise<void>;
  view(): NaraView;
  /** Calls `listener` with each change as it happens. Take `view()` at the same moment. */
  watch(listener: (delta: NaraViewDelta) => void): Cancel;
}

export function createNara({ identity, ports, memoryMode = "short" }: NaraParts): Nara {
  const memory = memoryProfile(memoryMode);
  const keyPair = ports.crypto.keyPair(identity.soul.seed);
  const feed = createViewFeed(() => ({ identity, clock: ports.clock, runtime, presence }));
  const presence = createPresence({
    identity,
    memory,
    listener: {
      onMe: feed.meChanged,
      onNeighbour: feed.neighbourChanged,
      onGone: feed.neighbourGone,
      onNote: feed.noted,
    },
  });
  const runtime = createRuntime({
    ports,
    keyPair,
    me: { name: identity.name, id: identity.id, publicKey: encodeBase64(keyPair.publicKey) },
    capacity: memory.maxEvents,
    services: [presence.service],
    onPlaza: feed.plazaChanged,
    onDrop: feed.dropped,
    onConflict: feed.keyRefused,
  });
  runtime.ledger.onAdd(({ event }) => feed.remembered(event));

  return {
    name: identity.name,
    runtime,
    start() {
      void runtime.start().then((started) => {
        if (!started.ok) ports.log({ level: "error", service: "nara", text: started.refusal });
      });
    },
    stop: runtime.stop,
    view: feed.view,
    watch: feed.watch,
  };
}
