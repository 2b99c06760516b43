/** What naras do to each other: teases, and what they saw or heard of others. (events-and-ledger §1, §2) */
import { omitEmpty, struct, text, type ValueOf } from "../codec/go-types.ts";
import { eventKind, named } from "./event-kind.ts";
import { quip } from "./quips.ts";

const payload = struct({
  /** tease, observed, gossip, observation, service */
  type: text,
  actor: omitEmpty(text),
  actor_id: omitEmpty(text),
  target: omitEmpty(text),
  target_id: omitEmpty(text),
  reason: omitEmpty(text),
  witness: omitEmpty(text),
});

export type SocialPayload = ValueOf<typeof payload>;

const icons: ReadonlyMap<string, string> = new Map([
  ["tease", "😈"],
  ["observed", "👀"],
  ["gossip", "🗣️"],
  ["observation", "💬"],
  ["service", "💬"],
]);

/** How the reasons that are no teases read (docs/protocol/events-and-ledger.md §2, Actually emitted). */
const moods: ReadonlyMap<string, string> = new Map([
  ["online", "there they are"],
  ["offline", "gone quiet"],
  ["journey-pass", "a postcard came by"],
  ["journey-complete", "a postcard made it home"],
  ["journey-timeout", "a postcard got lost on the way"],
  ["stash-stored", "kept something safe for a friend"],
]);

export const social = eventKind({
  payload,
  content: (p) => `${p.type}:${p.actor}:${p.target}:${p.reason}:${p.witness}`,
  refuse: (p) => {
    if (!icons.has(p.type)) return `"${p.type}" is no type of social event`;
    return p.actor === "" || p.target === "" ? "actor and target must be named" : undefined;
  },
  covered: (p) =>
    p.actor_id === "" && p.target_id === "" ? p : { ...p, actor_id: "", target_id: "" },
  actor: (p) => p.actor,
  target: (p) => p.target,
  mentions: (p) => named(p.actor, p.target, p.witness),
  words: (p) => [p.reason],
  priority: () => 2,
  tell: (p) => ({
    icon: icons.get(p.type) ?? "💬",
    text: `${p.actor} → ${p.target}`,
    detail: quip(p.reason, p.target) || moods.get(p.reason) || p.reason,
  }),
});
