/** Where visitors come in, whichever broker is behind: counts them, starts and ends their visits. */
import { randomBytes } from "node:crypto";
import type { Log } from "../nara/ports.ts";
import type { Credentials } from "./gate.ts";
import { type CrowdLimits, crowdLimits, type VisitorLimits, visitorLimits } from "./limits.ts";
import { type BrokerSide, beginVisit, type Visit } from "./visit.ts";
import { closeCode, createCrowd, type Goodbye, type Visitor } from "./visitor.ts";

export interface PlazaDoor {
  admit(visitor: Visitor): void;
  /** Visitors that are here now. */
  count(): number;
  /** Says goodbye to all. Whoever comes later is sent away with the same words. */
  shut(goodbye: Goodbye): void;
}

export interface PlazaDoorParts {
  readonly credentials: Credentials;
  readonly slowReader: "cut" | "wait";
  readonly log: Log;
  readonly limits?: VisitorLimits | undefined;
  readonly crowd?: CrowdLimits | undefined;
  openBroker(clientId: string): BrokerSide;
}

export function createPlazaDoor(parts: PlazaDoorParts): PlazaDoor {
  const crowd = createCrowd(parts.crowd ?? crowdLimits);
  const visits = new Set<Visit>();
  let shut: Goodbye | undefined;

  return {
    admit: (visitor) => {
      if (shut !== undefined) return visitor.dismiss(shut);
      const left = crowd.enter(visitor.address);
      if (left === undefined) {
        parts.log({
          level: "warn",
          service: "plaza",
          text: `no room for another visitor from ${visitor.address}`,
        });
        return visitor.dismiss({ code: closeCode.tryLater, reason: "the plaza is full" });
      }
      const visit = beginVisit({
        visitor,
        limits: parts.limits ?? visitorLimits,
        credentials: parts.credentials,
        slowReader: parts.slowReader,
        nowMs: () => performance.now(),
        inventName: () => `visitor-${randomBytes(6).toString("hex")}`,
        openBroker: (clientId) => {
          parts.log({ level: "info", service: "plaza", text: `${clientId} came` });
          visitor.stream.once("close", () => {
            parts.log({ level: "info", service: "plaza", text: `${clientId} left` });
          });
          return parts.openBroker(clientId);
        },
        onCut: (clientId, why) => {
          const who = clientId ?? visitor.address;
          parts.log({ level: "warn", service: "plaza", text: `cut off ${who}: ${why}` });
        },
      });
      visits.add(visit);
      visitor.stream.once("close", () => {
        visits.delete(visit);
        left();
      });
    },
    count: () => visits.size,
    shut: (goodbye) => {
      shut = goodbye;
      for (const visit of visits) visit.end(goodbye);
    },
  };
}
