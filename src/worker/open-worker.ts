/** Opens the worker that hosts the nara: a shared one, or where there is none one of this page. */
import dedicatedUrl from "./dedicated-worker.ts?worker&url";
import type { WorkerLine } from "./page-line.ts";
import type { ToHost, ToPage } from "./protocol.ts";
import sharedUrl from "./shared-worker.ts?sharedworker&url";

export type HostKind = "shared" | "dedicated";

/** Two pages meet in one SharedWorker when address and name are the same. */
const workerName = "nara";

export interface OpenedWorker {
  readonly kind: HostKind;
  readonly line: WorkerLine;
}

export function openWorker(): OpenedWorker {
  return openShared() ?? openDedicated();
}

/** Undefined where there is no SharedWorker or it is forbidden, as in some private windows. */
function openShared(): OpenedWorker | undefined {
  if (typeof SharedWorker === "undefined") return undefined;
  let lingers = false;
  const options = {
    type: "module" as const,
    name: workerName,
    /** Only an engine that knows the option reads it (Chromium 148 and later). */
    get extendedLifetime() {
      lingers = true;
      return true;
    },
  };
  try {
    const worker = new SharedWorker(sharedUrl, options);
    return {
      kind: "shared",
      line: { ...lineOf(worker.port, worker), lingers, close: () => worker.port.close() },
    };
  } catch {
    return undefined;
  }
}

function openDedicated(): OpenedWorker {
  const worker = new Worker(dedicatedUrl, { type: "module", name: workerName });
  return {
    kind: "dedicated",
    line: { ...lineOf(worker, worker), lingers: false, close: () => worker.terminate() },
  };
}

interface Channel {
  postMessage(message: ToHost): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** A page and its worker are of one origin and one protocol; what differs is settled by `welcome`. */
function lineOf(
  channel: Channel,
  worker: AbstractWorker,
): Pick<WorkerLine, "post" | "onMessage" | "onError"> {
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) => {
      channel.onmessage = ({ data }: MessageEvent<ToPage>) => listener(data);
    },
    onError: (listener) => {
      worker.onerror = () => listener();
    },
  };
}
