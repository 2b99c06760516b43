/** Asks again where the way was broken, once it is back; not where the answer was no. */
import type { AskRefusal } from "../../mesh/ask.ts";
import type { Outcome } from "../../outcome.ts";
import type { ServiceContext } from "../../runtime/service.ts";

/** Questions in all, and the rest before each but the first: a relay that restarts is back within it. */
const mostTries = 3;
const restMs = 30_000;

const isBroken = ({ type }: AskRefusal): boolean =>
  type === "unreachable" || type === "timeout" || type === "busy";

export async function patiently<Value>(
  { mesh, after }: Pick<ServiceContext, "mesh" | "after">,
  ask: () => Promise<Outcome<Value, AskRefusal>>,
): Promise<Outcome<Value, AskRefusal>> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (answer.ok || !isBroken(answer.refusal) || tries === mostTries) return answer;
    await whenThere(mesh);
    await new Promise<void>((resolve) => after(restMs, resolve));
  }
}

/** Resolves while others can call me, which is when I can call them. */
const whenThere = (mesh: ServiceContext["mesh"]): Promise<void> =>
  new Promise((resolve) => {
    if (mesh.address() !== "") return resolve();
    const stop = mesh.onChange(() => {
      if (mesh.address() === "") return;
      stop();
      resolve();
    });
  });
