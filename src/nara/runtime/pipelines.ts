/**
 * The two pipelines, as plain loops over a behaviour's stages.
 *
 * Receiving works on batches: all are decoded and prepared first, so that their signatures are
 * verified in parallel; then each goes its way in order of arrival.
 */
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Behaviour } from "./behaviour.ts";
import type { DropReason } from "./drops.ts";
import { type Draft, frozen, type Message } from "./message.ts";
import { drop, fail, type ReceiveContext, type StageResult, type StageTools } from "./stage.ts";

/** id → content key → the behaviour's emit stages. */
export function runEmit<Payload>(
  behaviour: Behaviour<Payload>,
  draft: Draft<Payload>,
  tools: StageTools,
): Outcome<Message<Payload>, Exclude<StageResult, { type: "continue" }>> {
  let message: Message<Payload> = frozen({
    ...draft,
    id: behaviour.envelope.id(draft),
    contentKey: behaviour.contentKey(draft),
    signature: "",
  });
  for (const stage of behaviour.emit) {
    let result: StageResult;
    try {
      result = stage.run({ message, behaviour, tools });
    } catch (error) {
      result = fail(`${stage.name}: ${reasonOf(error)}`);
    }
    if (result.type !== "continue") return refuse(result);
    // Stages replace a message only by a completed copy of itself: the payload type stays.
    if (result.message !== undefined) message = frozen(result.message as Message<Payload>);
  }
  return accept(message);
}

/** What became of a text from outside. */
export type Verdict =
  | { readonly type: "accepted"; readonly message: Message }
  | { readonly type: "dropped"; readonly reason: DropReason; readonly kind: string }
  | { readonly type: "failed"; readonly error: string; readonly kind: string };

/** Cheap refusals and the start of verification, for one message of a batch. */
export function prepare(context: ReceiveContext): StageResult {
  for (const stage of context.behaviour.receive) {
    const result = guarded(() => stage.prepare?.(context) ?? { type: "continue" });
    if (result.type !== "continue") return result;
  }
  return { type: "continue" };
}

/** The behaviour's receive stages, in order. */
export async function runReceive(context: ReceiveContext): Promise<Verdict> {
  const { behaviour } = context;
  let current = context;
  for (const stage of behaviour.receive) {
    let result: StageResult;
    try {
      result = await stage.run(current);
    } catch (error) {
      result = fail(`${stage.name}: ${reasonOf(error)}`);
    }
    if (result.type === "drop") {
      return { type: "dropped", reason: result.reason, kind: behaviour.kind };
    }
    if (result.type === "fail") {
      return { type: "failed", error: result.error, kind: behaviour.kind };
    }
    if (result.message !== undefined) {
      current = { ...current, message: frozen(result.message) };
    }
  }
  return { type: "accepted", message: current.message };
}

/** Nothing a peer sends may throw through a pipeline. */
function guarded(step: () => StageResult): StageResult {
  try {
    return step();
  } catch {
    return drop("malformed");
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
