/** Asking others what they observed of one nara. (docs/protocol/events-and-ledger.md §6) */
import type { ServiceContext } from "../../runtime/service.ts";

export interface Question {
  readonly nara: Pick<ServiceContext, "mesh" | "take">;
  /** Who is asked, in this order. */
  readonly names: readonly string[];
  readonly subject: string;
  /** Nobody more needs to be asked. */
  isEnough(): boolean;
}

/** Neighbours asked at most. */
const mostAsked = 3;
/** Observations of one nara that one neighbour may tell. */
const mostEvents = 500;

export async function askAbout({ nara, names, subject, isEnough }: Question): Promise<void> {
  for (const name of names.slice(0, mostAsked)) {
    if (isEnough()) return;
    const answer = await nara.mesh.client.sync(name, {
      ...{ services: ["observation"], subjects: [subject], maxEvents: mostEvents },
    });
    if (!answer.ok || answer.value.ids.length > mostEvents) continue;
    await nara.take(answer.value.events, { path: "sync", from: name });
  }
}
