/**
 * Calling a neighbour before it is given up: whoever answers is not missing
 * (docs/protocol/presence-and-life.md §5, Verification ping).
 */
import { ping } from "../coordinates/coordinates.ts";
import { canCall } from "../reachable.ts";
import { nowS, type PresenceState } from "./state.ts";

export interface Verification {
  /**
   * Whether `name` answered, within the last minute or now. False at once for whom nobody can call.
   * An answer is remembered as a sign of life, and told as a `ping` event.
   */
  isAlive(name: string): Promise<boolean>;
  forget(name: string): void;
}

/** One call per neighbour in so long; in between the last result stands (presence-and-life §5). */
const resultLastsMs = 60_000;

interface Call {
  readonly atMs: number;
  readonly answered: Promise<boolean>;
}

export function createVerification(
  state: Pick<PresenceState, "nara" | "neighbourhood" | "listener">,
): Verification {
  const { nara, neighbourhood, listener } = state;
  const { clock, me, mesh } = nara;
  const calls = new Map<string, Call>();

  const call = async (name: string): Promise<boolean> => {
    const answer = await mesh.client.ping(name);
    const known = neighbourhood.get(name);
    if (!answer.ok || known === undefined) return false;
    const observation = { ...known.observation, online: "ONLINE", lastSeenS: nowS(state) } as const;
    neighbourhood.put({ ...known, observation });
    listener.onNeighbour(name);
    const rtt = Math.round(answer.value.rttMs * 10) / 10;
    // A round trip of nothing is no event (presence-and-life §5).
    if (rtt > 0) {
      nara.emit(ping, { observer: me.name, observer_id: "", target: name, target_id: "", rtt });
    }
    return true;
  };

  return {
    isAlive(name) {
      if (name === me.name || !canCall(nara, name)) return Promise.resolve(false);
      const nowMs = clock.monotonicMs();
      const last = calls.get(name);
      if (last !== undefined && nowMs - last.atMs < resultLastsMs) return last.answered;
      const answered = call(name);
      calls.set(name, { atMs: nowMs, answered });
      return answered;
    },
    forget: (name) => void calls.delete(name),
  };
}
