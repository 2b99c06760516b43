/**
 * The way to a plaza elsewhere: pages speak to this server, it speaks to the broker with the
 * operator's user and password, which no page and no log ever sees.
 */
import { randomBytes } from "node:crypto";
import { openBrokerStream } from "../adapters/plaza/broker-stream.ts";
import { createNodePlaza } from "../adapters/plaza/mqtt-node.ts";
import type { PlazaUrl } from "../adapters/plaza/plaza-url.ts";
import { lostReason, reasonOf, unreachablePrefix } from "../adapters/plaza/reasons.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { Log, Plaza } from "../nara/ports.ts";
import { type Credentials, connack } from "./gate.ts";
import type { CrowdLimits, VisitorLimits } from "./limits.ts";
import { createPlazaDoor, type PlazaDoor } from "./plaza-door.ts";
import type { BrokerSide } from "./visit.ts";
import { closeCode } from "./visitor.ts";

/** Type and flags of CONNACK; its fourth byte is the return code (MQTT 3.1.1 §3.2). */
const connackByte = 0x20;
/** CONNACK return code of MQTT 3.1.1 §3.2.2.3. */
const serverUnavailable = 3;

export interface PlazaPipe extends Pick<PlazaDoor, "admit" | "count"> {
  /** Goes there once with the operator's credentials. The refusal is a sentence for a person. */
  probe(): Promise<Outcome<true>>;
  /** The same plaza for naras of this process, straight. */
  readonly plaza: Plaza;
  stop(): void;
}

export interface PlazaPipeParts {
  readonly url: PlazaUrl;
  readonly credentials: Credentials;
  /** Accept any certificate. */
  readonly insecure: boolean;
  readonly log: Log;
  readonly limits?: VisitorLimits | undefined;
  readonly crowd?: CrowdLimits | undefined;
}

export function createPlazaPipe(parts: PlazaPipeParts): Outcome<PlazaPipe> {
  const { url, credentials, insecure, log } = parts;
  const made = createNodePlaza({
    url: url.address,
    ...credentials,
    rejectUnauthorized: !insecure,
  });
  if (!made.ok) return made;
  const plaza = made.value;

  const openBroker = (clientId: string): BrokerSide => {
    const { stream, reason } = openBrokerStream(url, insecure);
    let answered = false;
    let refusedWith = 0;
    stream.once("data", (chunk: Buffer) => {
      answered = true;
      if (chunk[0] === connackByte) refusedWith = chunk[3] ?? 0;
    });
    return {
      stream,
      farewell: () => {
        if (refusedWith !== 0) {
          const why = reasonOf({ code: refusedWith }, url.address);
          log({ level: "warn", service: "plaza", text: `${clientId} was refused: ${why}` });
          return { goodbye: { code: closeCode.policy, reason: why } };
        }
        const why = reason() ?? lostReason;
        const level = answered ? "info" : "warn";
        log({ level, service: "plaza", text: `${clientId}'s way to the plaza ended: ${why}` });
        if (answered) return { goodbye: { code: closeCode.restart, reason: why } };
        return {
          goodbye: { code: closeCode.tryLater, reason: `${unreachablePrefix}: ${why}` },
          packet: connack(serverUnavailable),
        };
      },
    };
  };

  const door = createPlazaDoor({
    credentials,
    slowReader: "wait",
    log,
    limits: parts.limits,
    crowd: parts.crowd,
    openBroker,
  });

  return accept({
    plaza,
    admit: door.admit,
    count: door.count,
    probe: () => probe(plaza),
    stop: () =>
      door.shut({ code: closeCode.goingAway, reason: "the plaza's server is going away" }),
  });
}

function probe(plaza: Plaza): Promise<Outcome<true>> {
  return new Promise((resolve) => {
    const link = plaza.connect({
      clientId: `nara-tab-${randomBytes(6).toString("hex")}`,
      onOpen: () => {
        resolve(accept(true));
        void link.close();
      },
      onFrame: () => {},
      onClosed: ({ reason }) => resolve(refuse(reason)),
    });
  });
}
