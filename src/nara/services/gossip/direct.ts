/**
 * A word from one nara to another: a social event that I keep, and bring to the one it is for. Where
 * that fails it is said aloud on the plaza, and goes with my next zines.
 * (docs/protocol/events-and-ledger.md §7; docs/protocol/presence-and-life.md §7)
 */
import type { SocialPayload } from "../../events/social.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import { eventOf } from "../../runtime/envelopes/sync-event.ts";
import { type Service, type ServiceContext, service } from "../../runtime/service.ts";
import type { TransportMode } from "../../view.ts";
import { social } from "../presence/messages.ts";
import { canCall } from "../reachable.ts";
import { socialAloud } from "./messages.ts";

/**
 * | way | meaning |
 * |---|---|
 * | hand | it was brought to the one it is for |
 * | plaza | it was said aloud, and whoever is on the plaza hears it |
 * | zine | it goes with my next zines |
 */
export type Way = "hand" | "plaza" | "zine";

export interface Told {
  readonly way: Way;
  /** Brought by hand: it is kept there. False when it is not to the other's taste. */
  readonly isKept: boolean;
}

/** A tease that was told (services/social/social.ts). */
export interface Teased extends Told {
  /** How it reads (quips.ts). */
  readonly words: string;
}

export interface Direct {
  readonly service: Service;
  /** Signs a social event of mine, keeps it, and brings it to `name`. Refused when nothing can carry it. */
  tell(name: string, payload: SocialPayload): Promise<Outcome<Told>>;
}

export interface DirectParts {
  mode(): TransportMode;
}

export function createDirect(parts: DirectParts): Direct {
  let tell: Direct["tell"] = async () => refuse("this nara is not awake yet");

  const setUp = (nara: ServiceContext) => {
    const hasZines = (): boolean => parts.mode() !== "mqtt" && nara.mesh.address() !== "";

    tell = async (name, payload) => {
      const isCallable = canCall(nara, name);
      if (!isCallable && !nara.plazaIsOpen() && !hasZines()) {
        return refuse("neither the plaza nor any other way leads out just now");
      }
      const said = nara.emit(social, payload);
      if (!said.ok) return refuse("these words were just said");
      const brought = isCallable
        ? await nara.mesh.client.dm(name, eventOf("social", said.value))
        : undefined;
      if (brought?.ok) return accept({ way: "hand", isKept: brought.value });
      if (nara.plazaIsOpen()) {
        nara.emit(socialAloud, payload, { tsNs: said.value.tsNs });
        return accept({ way: "plaza", isKept: false });
      }
      if (hasZines()) return accept({ way: "zine", isKept: false });
      return refuse(`${name} does not answer, and nothing else leads out just now`);
    };
    return {};
  };

  return {
    service: service("direct", [socialAloud], setUp),
    tell: (name, payload) => tell(name, payload),
  };
}
