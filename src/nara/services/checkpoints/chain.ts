/** The checkpoints about a nara that proved themselves, for people. */
import { provenOnly } from "../../ledger/queries.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import type { CheckpointView } from "../../view.ts";
import { figuresView } from "./ballot-book.ts";

/** The latest first; at most this many, one a day for three months. */
const mostShown = 100;

export function chainOf(
  { ledger, keyring }: Pick<ServiceContext, "ledger" | "keyring">,
  name: string,
): readonly CheckpointView[] {
  return [...provenOnly(ledger).targeting("checkpoint", name)]
    .sort((one, other) => Number(other.payload.as_of_time - one.payload.as_of_time))
    .slice(0, mostShown)
    .map(({ id, payload }) => ({
      id,
      asOfMs: Number(payload.as_of_time) * 1000,
      figures: figuresView({
        restarts: payload.observation.restarts,
        totalUptimeS: payload.observation.total_uptime,
        startTimeS: payload.observation.start_time,
      }),
      previousId: payload.previous_checkpoint_id,
      voters: (payload.voter_ids ?? []).map((voterId) => ({
        name: keyring.nameOfId(voterId) ?? "",
        id: voterId,
        isSubject: voterId === payload.subject_id,
      })),
    }));
}
