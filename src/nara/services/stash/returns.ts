/**
 * Bringing back what I keep, to whom it belongs: 100–599 ms after its hey_there
 * (docs/protocol/mesh-runtime-checkpoints.md §4, Push). A nara that has just returned knows nobody
 * yet and turns strangers away, so it is tried again while it is turned away.
 */
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import type { Keeper, Kept } from "./keeper.ts";
import { type ResponsePayload, stashResponse } from "./messages.ts";

export interface Returns {
  /** Soon brings an owner what I keep for it; once at a time for each. */
  push(ownerId: string): Outcome<void>;
}

const shortestMs = 100;
const spreadMs = 500;
/** After being turned away: by then the returning nara has heard howdys, then newspapers. */
const againAfterMs = [2500, 8000, 30_000] as const;
/** Whoever takes it does not answer: this is how long I wait to be turned away. */
const turnedAwayMs = 6000;

export function createReturns(
  nara: Pick<ServiceContext, "random" | "after" | "call" | "log">,
  keeper: Pick<Keeper, "of">,
): Returns {
  const underWay = new Set<string>();

  const bring = async (ownerId: string, attempt: number): Promise<void> => {
    const kept = keeper.of(ownerId);
    if (kept === undefined) return void underWay.delete(ownerId);
    const { owner } = kept;
    const said = await nara.call(stashResponse, responseOf(ownerId, "", kept), {
      to: owner,
      timeoutMs: turnedAwayMs,
    });
    const waitMs = againAfterMs[attempt];
    const isTurnedAway = !said.ok && said.refusal.type === "not-sent";
    if (isTurnedAway && waitMs !== undefined) {
      nara.after(waitMs, () => void bring(ownerId, attempt + 1));
      return;
    }
    underWay.delete(ownerId);
    if (isTurnedAway) nara.log.info(`${owner.name} does not take back what I keep for it`);
  };

  return {
    push(ownerId) {
      if (keeper.of(ownerId) === undefined) return refuse(`no stash for ${ownerId}`);
      if (underWay.has(ownerId)) return accept(undefined);
      underWay.add(ownerId);
      const inMs = shortestMs + Math.floor(nara.random.fraction() * spreadMs);
      nara.after(inMs, () => void bring(ownerId, 0));
      return accept(undefined);
    },
  };
}

export const responseOf = (
  ownerId: string,
  requestId: string,
  kept: Kept | undefined,
): ResponsePayload => ({
  owner_id: ownerId,
  request_id: requestId,
  found: kept !== undefined,
  nonce: kept?.nonce ?? null,
  ciphertext: kept?.ciphertext ?? null,
  stored_at: kept?.storedAtS ?? 0,
});
