/**
 * What a nara may tell of the machine that it lives on. A host tells what it knows and leaves out
 * the rest, which is told as nothing: zeros, and no badge. Nothing is made up.
 * (docs/protocol/identity.md §4, §8)
 */

/** Each absent where the host cannot know. Sizes in MiB. */
export interface HostFigures {
  /** How long the machine has been up, seconds. The nara's own life stands in for it. */
  readonly uptimeS?: number;
  readonly memAllocMb?: number;
  readonly memSysMb?: number;
  readonly memHeapMb?: number;
  readonly procCpuPercent?: number;
}

/** Badges of the machine (identity.md §4.1), and ours for those that the reference does not know. */
export interface HostLooks {
  /** Full host name; "" for none. */
  readonly hostname: string;
  readonly raspberryPi: boolean;
  readonly nixOs: boolean;
  readonly kubernetes: boolean;
  /** A tab of a browser. */
  readonly browser: boolean;
  /** A phone or tablet. */
  readonly phone: boolean;
}

export interface Host {
  /** Load of one minute per core, 0 for idle; undefined where nobody can tell. */
  load(): number | undefined;
  figures(): HostFigures;
  readonly looks: HostLooks;
  /** Minutes since midnight where its person lives; undefined where nobody can tell. */
  minuteOfDay(): number | undefined;
}

export const noLooks: HostLooks = {
  hostname: "",
  raspberryPi: false,
  nixOs: false,
  kubernetes: false,
  browser: false,
  phone: false,
};

/** A host of which nothing is known. */
export const unknownHost: Host = {
  load: () => undefined,
  figures: () => ({}),
  looks: noLooks,
  minuteOfDay: () => undefined,
};
