/** A social event said aloud, for those whom nobody can call. */
import type { SocialPayload } from "../../events/social.ts";
import { encodeSyncEvent } from "../../events/sync-event.ts";
import { behaviour } from "../../runtime/behaviour.ts";
import { eventOf, syncEvent } from "../../runtime/envelopes/sync-event.ts";
import type { Message } from "../../runtime/message.ts";
import { type EmitStage, proceed } from "../../runtime/stage.ts";
import { signed } from "../../runtime/stages.ts";
import { social } from "../presence/messages.ts";

/**
 * The plaza's place for social events, which the reference hears and never speaks in
 * (docs/protocol/presence-and-life.md §1). The event has been kept already, so this only tells it.
 */
const aloud: EmitStage = {
  name: "transport: plaza, aloud",
  run({ message, tools }) {
    const said = message as Message<SocialPayload>;
    tools.publish(social.plaza?.topic(said) ?? "", encodeSyncEvent(eventOf("social", said)), 0);
    return proceed;
  },
};

export const socialAloud = behaviour<SocialPayload>("social-aloud", {
  envelope: syncEvent("social"),
  emit: [signed, aloud],
  receive: [],
});
