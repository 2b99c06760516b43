/** Which kinds there are, and where each is heard. */
import type { Behaviour } from "./behaviour.ts";
import type { DropReason } from "./drops.ts";
import { peekRuntimeMessage } from "./envelopes/runtime-message.ts";

export interface Registry {
  /** The plaza filters to subscribe to. */
  readonly filters: readonly string[];
  ofKind(kind: string): Behaviour | undefined;
  ofTopic(topic: string): Behaviour | undefined;
  /** The behaviour for the text of a runtime message, or why there is none. */
  ofMessage(text: string): Behaviour | DropReason;
}

/** @throws Error when a kind or a place is declared twice: that is a mistake in the program. */
export function createRegistry(behaviours: readonly Behaviour[]): Registry {
  const kinds = new Map<string, Behaviour>();
  const exact = new Map<string, Behaviour>();
  const below = new Map<string, Behaviour>();
  for (const behaviour of behaviours) {
    if (kinds.has(behaviour.kind)) throw new Error(`${behaviour.kind} is declared twice`);
    kinds.set(behaviour.kind, behaviour);
    const filter = behaviour.plaza?.filter;
    if (filter === undefined) continue;
    const places = filter.endsWith("/#") ? below : exact;
    const place = filter.endsWith("/#") ? filter.slice(0, -1) : filter;
    if (places.has(place)) throw new Error(`two kinds are heard at ${filter}`);
    places.set(place, behaviour);
  }
  return {
    filters: behaviours.flatMap(({ plaza }) => (plaza === undefined ? [] : [plaza.filter])),
    ofKind: (kind) => kinds.get(kind),
    ofTopic(topic) {
      const here = exact.get(topic);
      if (here !== undefined) return here;
      for (const [prefix, behaviour] of below) if (topic.startsWith(prefix)) return behaviour;
      return undefined;
    },
    ofMessage(text) {
      const peeked = peekRuntimeMessage(text);
      if (!peeked.ok) return peeked.refusal;
      const behaviour = kinds.get(peeked.value.kind);
      if (behaviour === undefined) return "unknown_kind";
      const version = peeked.value.version === 0 ? 1 : peeked.value.version;
      return behaviour.understands.includes(version) ? behaviour : "unsupported_version";
    },
  };
}
