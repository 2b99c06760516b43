/**
 * Stages: the steps of the two pipelines. Each answers continue, drop(reason) or fail(error);
 * the first that does not continue ends the message's way, and the pipeline says why.
 */
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock, KeyPair, PlazaQos, SignatureClaim } from "../ports.ts";
import type { Personality } from "../view.ts";
import type { Behaviour } from "./behaviour.ts";
import type { ClockSkew } from "./clock-skew.ts";
import type { DropReason } from "./drops.ts";
import type { Keyring } from "./keyring.ts";
import type { Arrival, Message } from "./message.ts";

export type StageResult =
  /** Go on, with `message` in place of the old one where it is given. */
  | { readonly type: "continue"; readonly message?: Message }
  /** Refused for a known reason: counted, never an error. */
  | { readonly type: "drop"; readonly reason: DropReason }
  /** Something of ours broke: logged and returned. */
  | { readonly type: "fail"; readonly error: string };

export const proceed: StageResult = { type: "continue" };
export const drop = (reason: DropReason): StageResult => ({ type: "drop", reason });
export const fail = (error: string): StageResult => ({ type: "fail", error });

/** Who this nara is, for stages and services. The seed is not among it. */
export interface Self {
  readonly name: string;
  readonly id: string;
  /** Base64. */
  readonly publicKey: string;
}

/** What stages may use. */
export interface StageTools {
  readonly me: Self;
  /** Mine: it decides what I care to remember. */
  readonly personality: Personality;
  readonly keyPair: KeyPair;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly ledger: Ledger;
  /** Ids that were verified and let through before. */
  readonly heard: { has(id: string): boolean; add(id: string): void };
  readonly skew: ClockSkew;
  /** One verdict; many asked for in one turn are verified as one batch. */
  verify(claim: SignatureClaim): Promise<boolean>;
  /** False when the plaza is not open: the message is lost, as in the reference. */
  publish(topic: string, text: string, qos: PlazaQos): boolean;
  /** Sends a runtime message to a peer over the mesh; a call it belongs to fails if that fails. */
  sendToPeer(message: Message, text: string): void;
  /** Counts one more under `key`; false when there were more than `perMinute` in a minute. */
  allow(key: string, perMinute: number): boolean;
  /** Hands a message to everyone who listens to its kind. */
  deliver(message: Message): StageResult;
}

export interface StageContext {
  readonly message: Message;
  readonly behaviour: Behaviour;
  readonly tools: StageTools;
}

export interface ReceiveContext extends StageContext {
  readonly arrival: Arrival;
  /** The exact bytes the signature covers. */
  readonly signedBytes: Uint8Array;
  /** The verdict on the signature, under way since the batch was prepared. */
  verdict?: { readonly publicKey: string; readonly valid: Promise<boolean> };
}

export interface EmitStage {
  readonly name: string;
  run(context: StageContext): StageResult;
}

export interface ReceiveStage {
  readonly name: string;
  /**
   * Runs for every message of a batch before any of them goes its way: cheap refusals, and
   * signatures set going so that a batch is verified in parallel.
   */
  prepare?(context: ReceiveContext): StageResult;
  /** Runs in order of arrival. */
  run(context: ReceiveContext): StageResult | Promise<StageResult>;
}
