/** The plaza from Node: TCP, TLS or WebSocket by the URL's scheme, or any stream to a broker. */
import type { Duplex } from "node:stream";
import { accept, type Outcome } from "../../nara/outcome.ts";
import type { Plaza } from "../../nara/ports.ts";
import { openBrokerStream } from "./broker-stream.ts";
import { openMqttJsSession } from "./mqtt-js-session.ts";
import { createMqttPlaza } from "./mqtt-plaza.ts";
import { parsePlazaUrl } from "./plaza-url.ts";

export interface NodePlazaSettings {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** Win over those in the URL. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Checks certificates unless false. */
  readonly rejectUnauthorized?: boolean;
}

/** Refuses a URL that is no plaza's. */
export function createNodePlaza(settings: NodePlazaSettings): Outcome<Plaza> {
  const parsed = parsePlazaUrl(settings.url);
  if (!parsed.ok) return parsed;
  const url = parsed.value;
  const insecure = settings.rejectUnauthorized === false;
  return accept(
    createMqttPlaza({
      address: url.address,
      user: settings.user ?? url.user,
      password: settings.password ?? url.password,
      openTransport: () => {
        const broker = openBrokerStream(url, insecure);
        return {
          open: (login, listener) => openMqttJsSession(broker.stream, login, listener),
          explain: async () => broker.reason(),
        };
      },
    }),
  );
}

/** A plaza reached through streams that the caller opens, such as a broker in the same process. */
export function createStreamPlaza(settings: { readonly address: string; open(): Duplex }): Plaza {
  return createMqttPlaza({
    address: settings.address,
    openTransport: () => ({
      open: (login, listener) => openMqttJsSession(settings.open(), login, listener),
      explain: async () => undefined,
    }),
  });
}
