/**
 * What a host gives a nara. The nara itself knows no DOM, no Node and no globals: a browser
 * worker, a Node process and a simulation under virtual time differ only in these ports.
 */

import type { MeshTransport } from "./mesh/http.ts";

export type Cancel = () => void;

/** Time. Under a virtual clock, wall time, monotonic time and timers move together. */
export interface Clock {
  /** Wall clock, Unix nanoseconds. May jump; use it for what is written into events. */
  nowNs(): bigint;
  /** Monotonic milliseconds since an arbitrary origin. Use it for durations and deadlines. */
  monotonicMs(): number;
  /** Runs `task` once, `delayMs` from now, unless cancelled first. */
  after(delayMs: number, task: () => void): Cancel;
  /**
   * Long work awaits it before each of its parts, and so lets others have their turn. All that
   * awaits it shares one slice of time a turn, however many there are (breather.ts).
   */
  breathe(): Promise<void>;
}

/** Randomness, good enough for souls and nonces. */
export interface Random {
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). */
  fraction(): number;
}

/** An Ed25519 key pair (RFC 8032). The seed stays inside. */
export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. Synchronous, so that a last chau can be signed while a page is going away. */
  sign(message: Uint8Array): Uint8Array;
}

/** One signature to be checked. */
export interface SignatureClaim {
  /** 32 bytes, else the verdict is false. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes, else the verdict is false. */
  readonly signature: Uint8Array;
}

/**
 * Ed25519. Every implementation gives Go's verdict on every input: cofactorless equation,
 * S < L, R compared as bytes (docs/protocol/identity.md §1, docs/decisions/ed25519.md).
 */
export interface Crypto {
  /** @param seed 32 bytes, the first part of a soul. */
  keyPair(seed: Uint8Array): KeyPair;
  /** Verdicts in the order of the claims. Never rejects. */
  verify(claims: readonly SignatureClaim[]): Promise<readonly boolean[]>;
}

/** A message as it came from the plaza. */
export interface PlazaFrame {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker kept it from earlier: nara never retains, so such frames are not believed. */
  readonly retained: boolean;
}

/** Quality of service: 0 for everything but checkpoints (docs/protocol/presence-and-life.md §1). */
export type PlazaQos = 0 | 1;

/** Why a connection ended or never came to be; a short sentence fit for a person. */
export interface PlazaClosed {
  readonly reason: string;
}

export interface PlazaAttempt {
  /** The MQTT client id: the bare nara name. */
  readonly clientId: string;
  onOpen(): void;
  onFrame(frame: PlazaFrame): void;
  /** Called exactly once, whether or not `onOpen` came before. Nothing is called after it. */
  onClosed(closed: PlazaClosed): void;
}

/** One connection, or attempt at one. Reconnecting is the nara's affair, not the adapter's. */
export interface PlazaLink {
  /** Resolves false when the broker refuses or the link is gone. Never rejects. */
  subscribe(filter: string): Promise<boolean>;
  /** Sends, never retained. Returns false when the link is not open; the message is lost then. */
  publish(topic: string, payload: Uint8Array, qos: PlazaQos): boolean;
  /** Flushes what was published, says DISCONNECT, ends. `onClosed` follows. */
  close(): Promise<void>;
}

/** A plaza: any MQTT 3.1.1 broker (docs/protocol/presence-and-life.md §1). */
export interface Plaza {
  /** Where it is, for a person to read. */
  readonly address: string;
  /** Makes one attempt: clean session, keep-alive 30 s, no will. Never throws. */
  connect(attempt: PlazaAttempt): PlazaLink;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line of a nara's diary. */
export interface LogLine {
  readonly level: LogLevel;
  /** Name of the service that speaks. */
  readonly service: string;
  readonly text: string;
}

export type Log = (line: LogLine) => void;

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly plaza: Plaza;
  /** The way to single peers, and theirs to me. */
  readonly mesh: MeshTransport;
  readonly log: Log;
}
