/** One thing that peers can ask over the mesh, and what it takes to answer. */
import type { Ledger } from "../ledger/ledger-types.ts";
import type { Outcome } from "../outcome.ts";
import type { Clock, Crypto, KeyPair, Random } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Keyring } from "../runtime/keyring.ts";
import type { Coordinates } from "../services/presence/status.ts";
import type { Gate } from "../trust/gate.ts";
import type { Intake } from "../trust/intake.ts";
import type { MeshHeaders, MeshResponse } from "./http.ts";
import type { Postcard } from "./postcard.ts";

export interface Endpoint {
  readonly path: string;
  /** Asked by naras only that prove who they are; the answer is signed. */
  readonly isAuthenticated: boolean;
  /** Asking again changes nothing, so that who asks twice in a millisecond is answered twice. */
  readonly onlyReads: boolean;
  /** Bytes of a body; 0 where none is looked at. */
  readonly maxBodyBytes: number;
  answer(asked: Asked): MeshResponse | Promise<MeshResponse>;
}

export interface Asked {
  readonly method: string;
  readonly headers: MeshHeaders;
  readonly rawQuery: string;
  /** UTF-8 text of the body. */
  readonly body: string;
  /** Who proved to ask; "" where nobody must. */
  readonly sender: string;
}

/** Somebody whom I know, as far as peers may be told. */
export interface MeshNeighbour {
  readonly name: string;
  /** `MeshIP`; "" while unknown. */
  readonly meshIp: string;
  readonly isOnline: boolean;
}

/** What a nara gives its mesh. Each endpoint picks what it needs. */
export interface MeshParts {
  readonly me: {
    readonly name: string;
    /** Base64. */
    readonly publicKey: string;
  };
  readonly keyPair: Pick<KeyPair, "sign" | "publicKey">;
  readonly clock: Clock;
  readonly random: Pick<Random, "bytes">;
  readonly crypto: Pick<Crypto, "verify">;
  readonly keyring: Pick<Keyring, "keyOf" | "nameOfId">;
  readonly ledger: Pick<Ledger, "byService" | "events" | "since" | "standingOf" | "vouchedCount">;
  readonly gate: Gate;
  readonly intake: Intake;
  /** My own `MeshIP`; "" without one. */
  meshIp(): string;
  coordinates(): Coordinates | undefined;
  neighbour(name: string): MeshNeighbour | undefined;
  neighbours(): Iterable<MeshNeighbour>;
  /**
   * A sign of life: a nara brought something of its own, made at `atS` (Unix seconds, by its own
   * clock, and so at most 60 s ahead of mine).
   */
  onHeardFrom(name: string, atS: number): void;
  /** Somebody brought a zine and got mine for it. The figures are numbers of events. */
  onZine?(events: { readonly taken: number; readonly given: number }): void;
  /** What somebody else than its author told; none where nobody keeps count. */
  isSecondHand?(id: string): boolean;
  countDrop(reason: DropReason): void;
  /** Somebody asks whose key I lack: whoever can find it out may do so, for the next time. */
  onUnknown?(name: string): void;
  /** Takes a runtime message; absent while there is no runtime. */
  hear?(text: string): Promise<unknown>;
  /**
   * Verifies a postcard's chain, adds a hop and sends it on; the refusal is told to who brought it.
   * Absent where no postcards travel, undefined while none do.
   *
   * @param sender who proved to bring it.
   */
  readonly carry?: ((postcard: Postcard, sender: string) => Promise<Outcome<void>>) | undefined;
}
