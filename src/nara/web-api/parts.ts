/** What the web API reads of a nara, and how one of its routes looks. */
import type { Ledger } from "../ledger/ledger-types.ts";
import type { MeshHeaders, MeshResponse } from "../mesh/http.ts";
import type { Postcard } from "../mesh/postcard.ts";
import type { Outcome } from "../outcome.ts";
import type { Clock, Crypto } from "../ports.ts";
import type { Projections } from "../projections/projections.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Keyring } from "../runtime/keyring.ts";
import type { Neighbour } from "../services/presence/neighbourhood.ts";
import type { Observation } from "../services/presence/observation.ts";
import type { NaraStatus } from "../services/presence/status.ts";
import type { Barrio } from "../view.ts";
import type { StashOfWebApi } from "./stash.ts";

/** Nothing here can be used to change the nara, but for `startJourney` and `stash`. */
export interface WebApiParts {
  readonly me: {
    readonly name: string;
    /** Base64. */
    readonly publicKey: string;
  };
  readonly clock: Pick<Clock, "nowNs" | "monotonicMs">;
  readonly crypto: Pick<Crypto, "verify">;
  readonly keyring: Pick<Keyring, "keyOfId" | "nameOfId">;
  readonly ledger: Pick<
    Ledger,
    | "about"
    | "byService"
    | "count"
    | "countsByService"
    | "criticalCount"
    | "events"
    | "get"
    | "newest"
    | "onAdd"
    | "standingOf"
    | "targeting"
  >;
  readonly projections: Pick<
    Projections,
    "online" | "opinions" | "uptimes" | "clout" | "teases" | "roundTrips"
  >;
  /** Who only listens does not list itself (the reference's `getNarae`, `http_api.go`). */
  isSilent?(): boolean;
  /** What I say of myself just now. */
  status(): NaraStatus;
  /** What I remember of myself. */
  observation(): Observation;
  barrio(): Barrio;
  neighbour(name: string): Neighbour | undefined;
  neighbours(): readonly Neighbour[];
  /** Postcards of mine that came home, the latest first; absent where none travel. */
  journeys?(): readonly Postcard[];
  /** Sends a postcard for the owner; a refusal is a sentence. Undefined while none travel. */
  readonly startJourney?:
    | ((message: string) => Promise<Outcome<Pick<Postcard, "id" | "message">>>)
    | undefined;
  /** What friends keep; absent where there is none. */
  readonly stash?: StashOfWebApi;
  countDrop(reason: DropReason): void;
}

export interface WebQuestion {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** What follows a route's prefix, decoded; "" for a route without one. */
  readonly rest: string;
  readonly rawQuery: string;
  readonly headers: MeshHeaders;
  readonly body: Uint8Array;
}

export interface WebRoute {
  /** A path; one that ends in a slash is a prefix. */
  readonly path: string;
  answer(question: WebQuestion): MeshResponse | Promise<MeshResponse>;
}

export const nowS = (parts: Pick<WebApiParts, "clock">): number =>
  Number(parts.clock.nowNs() / 1_000_000_000n);

/** What the inspector's answers say they are; all others name a charset. */
export const plainJson = { contentType: "application/json" };
