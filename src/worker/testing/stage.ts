/** A host in this process, with pages that are scripts, under virtual time. */
import { createVirtualClock, type VirtualClock } from "../../nara/testing/virtual-clock.ts";
import { createHost } from "../host.ts";
import type { Locks } from "../locks.ts";
import { protocolVersion, type ToPage } from "../protocol.ts";
import { createSoulStore } from "../soul-store.ts";
import { createTroupe, type Troupe } from "./actors.ts";
import { createMemoryLocks } from "./memory-locks.ts";
import { createMemoryValues, type MemoryValues } from "./memory-values.ts";

/** One page, seen from the page. */
export interface StagePage {
  /** All it heard, oldest first. */
  readonly heard: readonly ToPage[];
  say(message: unknown): void;
}

/** What every host must give the acceptance suite. */
export interface Stage {
  /** Connects and says nothing. */
  open(): StagePage;
  /** Lets time pass and work be done. */
  pass(ms: number): Promise<void>;
  readonly troupe: Troupe;
  readonly values: MemoryValues;
  readonly locks: Locks;
  /** How often the host ended its worker. */
  closed(): number;
}

/** What the hosts of one browser profile share. */
export interface Profile {
  readonly clock: VirtualClock;
  readonly values: MemoryValues;
  readonly locks: Locks;
  readonly deviceGib: number | undefined;
}

export function createProfile(
  entries: Readonly<Record<string, unknown>> = {},
  deviceGib?: number,
): Profile {
  return {
    clock: createVirtualClock(),
    values: createMemoryValues(entries),
    locks: createMemoryLocks(),
    deviceGib,
  };
}

export function createStage(profile: Profile = createProfile()): Stage {
  const troupe = createTroupe();
  let closed = 0;
  const host = createHost({
    clock: profile.clock,
    random: {
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      fraction: () => 0.5,
    },
    log: ({ level, text }) => {
      if (level === "error") throw new Error(text);
    },
    store: createSoulStore(profile.values),
    locks: profile.locks,
    maker: Promise.resolve(troupe.maker),
    deviceGib: profile.deviceGib,
    close: () => {
      closed += 1;
    },
  });
  return {
    troupe,
    values: profile.values,
    locks: profile.locks,
    closed: () => closed,
    pass: profile.clock.advance,
    open: () => {
      const heard: ToPage[] = [];
      let hear: ((message: unknown) => void) | undefined;
      host.connect({
        post: (message) => heard.push(structuredClone(message)),
        onMessage: (listener) => {
          hear = listener;
        },
      });
      return { heard, say: (message) => hear?.(structuredClone(message)) };
    },
  };
}

export const hello = {
  type: "hello",
  protocol: protocolVersion,
  lifeLock: "",
  lingers: false,
  origin: "https://plaza.example",
} as const;
