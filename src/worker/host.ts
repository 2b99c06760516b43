/**
 * The nara's front desk, the same in a SharedWorker, in one tab's worker and in a test: pages come
 * and go on ports, hear one snapshot and then deltas at most once a frame, and give commands.
 *
 * | pages | the host |
 * |---|---|
 * | first hello | wakes the nara |
 * | last one left, worker lingers | waits {@link graceMs}, says chau, closes the worker |
 * | last one left, worker dies with it | says chau at once |
 * | hello of a newer protocol | tells its pages, says chau, closes: the newer worker takes over |
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Cancel } from "../nara/ports.ts";
import type { NaraViewDelta } from "../nara/view.ts";
import { createLife, type LifeParts } from "./life.ts";
import { mergeDeltas } from "./merge-deltas.ts";
import { parseToHost } from "./parse-to-host.ts";
import { type CommandResult, protocolVersion, type ToHost, type ToPage } from "./protocol.ts";

/** One page's end of the line. */
export interface PagePort {
  post(message: ToPage): void;
  onMessage(listener: (message: unknown) => void): void;
}

export interface HostParts extends Omit<LifeParts, "onState" | "onDelta"> {
  /** Ends the worker. */
  close(): void;
}

export interface Host {
  connect(port: PagePort): void;
}

/** A frame of a 60 Hz display, in whole milliseconds. */
const frameMs = 16;
/** Time for a reload to come back before the nara says chau. */
const graceMs = 3000;
/** A page that connected but never says hello does not keep the nara alive. */
const helloTimeoutMs = 10_000;

interface Page {
  readonly port: PagePort;
  /** `waiting`: gets its snapshot with the next frame. */
  hears: "nothing" | "waiting" | "everything";
  /** Stops waiting for its hello, or for its death. */
  unwatch: Cancel;
}

export function createHost(parts: HostParts): Host {
  const { clock, locks } = parts;
  const epoch = bytesToHex(parts.random.bytes(8));
  const pages = new Set<Page>();
  let seq = 0;
  let pending: NaraViewDelta[] = [];
  let frame: Cancel | undefined;
  let grace: Cancel | undefined;
  let lingers = false;

  const tellState = (page: Page): void => {
    page.hears = "everything";
    page.port.post({ type: "state", epoch, seq, state: life.state() });
  };

  const nextFrame = (): void => {
    frame = undefined;
    const deltas = pending;
    pending = [];
    if (deltas.length > 0) {
      seq += 1;
      const delta = mergeDeltas(deltas);
      for (const page of pages) {
        if (page.hears === "everything") page.port.post({ type: "delta", epoch, seq, delta });
      }
    }
    for (const page of pages) if (page.hears === "waiting") tellState(page);
  };

  const life = createLife({
    ...parts,
    onDelta: (delta) => {
      if (pages.size === 0) return;
      pending.push(delta);
      frame ??= clock.after(frameMs, nextFrame);
    },
    onState: () => {
      pending = [];
      frame?.();
      frame = undefined;
      seq += 1;
      for (const page of pages) if (page.hears !== "nothing") tellState(page);
    },
  });

  const leave = (page: Page): void => {
    page.unwatch();
    page.hears = "nothing";
    if (!pages.delete(page) || pages.size > 0) return;
    if (lingers) grace = clock.after(graceMs, () => void endAndClose());
    else void life.end();
  };

  const endAndClose = async (): Promise<void> => {
    await life.end();
    if (pages.size === 0) parts.close();
  };

  const enter = (page: Page): void => {
    grace?.();
    grace = undefined;
    pages.add(page);
  };

  const hello = (page: Page, said: Extract<ToHost, { type: "hello" }>): void => {
    if (said.protocol > protocolVersion) {
      retire(page, said.protocol);
      return;
    }
    page.port.post({ type: "welcome", protocol: protocolVersion, epoch });
    if (said.protocol < protocolVersion) {
      leave(page);
      return;
    }
    enter(page);
    lingers = said.lingers;
    page.unwatch();
    page.unwatch = watchLife(page, said.lifeLock);
    life.wake(said.origin);
    if (pending.length === 0) tellState(page);
    else page.hears = "waiting";
  };

  /** The lock is the page's while it lives; who gets it knows that it died. */
  const watchLife = (page: Page, lifeLock: string): Cancel => {
    if (lifeLock === "") return () => {};
    return locks.take(lifeLock, (release) => {
      release();
      leave(page);
    });
  };

  /** Pages of the last build hear the newer number and reload; the newer page hears ours. */
  const retire = (newer: Page, protocol: number): void => {
    for (const page of pages) {
      const told = page === newer ? protocolVersion : protocol;
      page.port.post({ type: "welcome", protocol: told, epoch });
    }
    pages.clear();
    void life.end();
    parts.close();
  };

  const command = async (page: Page, said: Extract<ToHost, { type: "command" }>): Promise<void> => {
    answer(page, said.id, await life.obey(said.command));
  };

  const answer = (page: Page, id: number, result: CommandResult): void =>
    page.port.post({ type: "result", id, result });

  const hear = (page: Page, message: unknown): void => {
    const said = parseToHost(message, protocolVersion);
    if (said === undefined) return;
    switch (said.type) {
      case "hello":
        hello(page, said);
        break;
      case "leaving":
        leave(page);
        break;
      case "command":
        void command(page, said);
        break;
      case "bad-command":
        answer(page, said.id, { ok: false, type: "refused", why: said.why });
    }
  };

  return {
    connect: (port) => {
      const page: Page = { port, hears: "nothing", unwatch: () => {} };
      page.unwatch = clock.after(helloTimeoutMs, () => leave(page));
      enter(page);
      port.onMessage((message) => hear(page, message));
    },
  };
}
