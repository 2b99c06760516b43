/** All kinds of events, by the service name under which they travel (events-and-ledger §1). */
import { type ChauPayload, chau } from "./chau.ts";
import { type CheckpointPayload, checkpoint } from "./checkpoint.ts";
import type { EventKind } from "./event-kind.ts";
import { type HeyTherePayload, heyThere } from "./hey-there.ts";
import { type ObservationPayload, observation } from "./observation.ts";
import { type PingPayload, ping } from "./ping.ts";
import { type SeenPayload, seen } from "./seen.ts";
import { type SocialPayload, social } from "./social.ts";

export interface Payloads {
  readonly social: SocialPayload;
  readonly ping: PingPayload;
  readonly observation: ObservationPayload;
  readonly "hey-there": HeyTherePayload;
  readonly chau: ChauPayload;
  readonly seen: SeenPayload;
  readonly checkpoint: CheckpointPayload;
}

export type EventService = keyof Payloads;
export type EventPayload = Payloads[EventService];

export const eventKinds: { readonly [S in EventService]: EventKind<Payloads[S]> } = {
  social,
  ping,
  observation,
  "hey-there": heyThere,
  chau,
  seen,
  checkpoint,
};

export const isEventService = (svc: string): svc is EventService => Object.hasOwn(eventKinds, svc);
