/** A broker in memory: MQTT topic filters, one link per client id, outages on demand. */
import type { Clock, Plaza, PlazaAttempt, PlazaLink, PlazaQos } from "../ports.ts";
import type { Journey } from "./weather.ts";

/** One message as the broker got it. */
export interface PlazaTraffic {
  /** Client id of the sender; "" for injected messages. */
  readonly from: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: PlazaQos;
}

export interface InMemoryPlaza {
  readonly plaza: Plaza;
  /** Everything published and injected so far, oldest first. */
  readonly traffic: readonly PlazaTraffic[];
  /** Client ids connected now. */
  clients(): readonly string[];
  /** Ends all links; attempts fail until `up`. */
  down(reason?: string): void;
  up(): void;
  /** Refuses every new attempt with this reason; undefined accepts again. */
  refuseWith(reason: string | undefined): void;
  /** Ends one client's link, as when its network fails. */
  cut(clientId: string, reason?: string): void;
  /**
   * Delivers as if a stranger had published. `retained` marks the frames and keeps the message
   * for later subscribers, as brokers do. `from` names the stranger in the traffic.
   */
  inject(
    topic: string,
    payload: Uint8Array,
    options?: { readonly retained?: boolean; readonly from?: string },
  ): void;
}

export interface InMemoryPlazaSettings {
  /** Delivers through this clock; without one, in a microtask. */
  readonly clock?: Clock;
  /** Milliseconds from publish to delivery; needs the clock. */
  readonly latencyMs?: number;
  /** How each message travels to each client, in place of `latencyMs`; needs the clock. */
  readonly journey?: Journey;
  /** Gets all traffic; none is kept then. */
  readonly onTraffic?: (sent: PlazaTraffic) => void;
  /** Told of each frame that a client gets, before it gets it. */
  readonly onDelivery?: (to: string, sent: PlazaTraffic) => void;
}

interface Member {
  readonly attempt: PlazaAttempt;
  readonly filters: Set<string>;
  life: "opening" | "open" | "closed";
}

export function createInMemoryPlaza(settings: InMemoryPlazaSettings = {}): InMemoryPlaza {
  const members = new Map<string, Member>();
  const kept = new Map<string, Uint8Array>();
  const traffic: PlazaTraffic[] = [];
  let isUp = true;
  let refusal: string | undefined;

  const soon = (task: () => void, delayMs = 0): void => {
    if (settings.clock === undefined) void Promise.resolve().then(task);
    else settings.clock.after(delayMs, task);
  };
  const afterLatency = (task: () => void): void => soon(task, settings.latencyMs ?? 0);

  const end = (member: Member, reason: string): void => {
    if (member.life === "closed") return;
    member.life = "closed";
    const { clientId } = member.attempt;
    if (members.get(clientId) === member) members.delete(clientId);
    member.attempt.onClosed({ reason });
  };

  /** All get the same bytes, which nobody may change. */
  const hand = (member: Member, topic: string, payload: Uint8Array, retained: boolean): void => {
    if (member.life !== "open") return;
    member.attempt.onFrame({ topic, payload, retained });
  };

  const route = (sent: PlazaTraffic, retained: boolean): void => {
    if (settings.onTraffic === undefined) traffic.push(sent);
    else settings.onTraffic(sent);
    const { journey } = settings;
    const wants = wantsOf(sent.topic);
    const deliver = (member: Member): void => {
      if (member.life !== "open" || !wants(member)) return;
      settings.onDelivery?.(member.attempt.clientId, sent);
      hand(member, sent.topic, sent.payload, retained);
    };
    if (journey === undefined) {
      afterLatency(() => [...members.values()].forEach(deliver));
      return;
    }
    for (const member of members.values()) {
      if (!wants(member)) continue;
      for (const delayMs of journey(sent.from, member.attempt.clientId)) {
        soon(() => deliver(member), delayMs);
      }
    }
  };

  const admit = (member: Member): void => {
    if (member.life !== "opening") return;
    const obstacle = isUp ? refusal : "nobody answers at the plaza in memory";
    if (obstacle !== undefined) {
      end(member, obstacle);
      return;
    }
    const { clientId } = member.attempt;
    const earlier = members.get(clientId);
    if (earlier !== undefined) end(earlier, "another connection took this name");
    members.set(clientId, member);
    member.life = "open";
    member.attempt.onOpen();
  };

  const linkOf = (member: Member): PlazaLink => ({
    subscribe: async (filter) => {
      if (member.life !== "open") return false;
      member.filters.add(filter);
      soon(() => {
        for (const [topic, payload] of kept) {
          if (topicMatches(filter, topic)) hand(member, topic, payload, true);
        }
      });
      return true;
    },
    publish: (topic, payload, qos) => {
      if (member.life !== "open") return false;
      route({ from: member.attempt.clientId, topic, payload: payload.slice(), qos }, false);
      return true;
    },
    close: () =>
      new Promise((resolve) => {
        soon(() => {
          end(member, "left the plaza");
          resolve();
        });
      }),
  });

  return {
    plaza: {
      address: "memory://plaza",
      connect: (attempt) => {
        const member: Member = { attempt, filters: new Set(), life: "opening" };
        afterLatency(() => admit(member));
        return linkOf(member);
      },
    },
    traffic,
    clients: () => [...members.keys()],
    down: (reason = "the connection to the plaza was lost") => {
      isUp = false;
      for (const member of [...members.values()]) end(member, reason);
    },
    up: () => {
      isUp = true;
    },
    refuseWith: (reason) => {
      refusal = reason;
    },
    cut: (clientId, reason = "the connection to the plaza was lost") => {
      const member = members.get(clientId);
      if (member !== undefined) end(member, reason);
    },
    inject: (topic, payload, options = {}) => {
      const retained = options.retained === true;
      const copy = payload.slice();
      if (retained) kept.set(topic, copy);
      route({ from: options.from ?? "", topic, payload: copy, qos: 0 }, retained);
    },
  };
}

/** Who wants a topic; each filter is compared with it once, as most members have the same. */
function wantsOf(topic: string): (member: Member) => boolean {
  const compared = new Map<string, boolean>();
  const matches = (filter: string): boolean => {
    const known = compared.get(filter) ?? topicMatches(filter, topic);
    compared.set(filter, known);
    return known;
  };
  return ({ filters }) => {
    for (const filter of filters) if (matches(filter)) return true;
    return false;
  };
}

/** MQTT 3.1.1 §4.7: `+` is one level, a last `#` is the level above and all below. */
export function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  if (topic.startsWith("$") && (wanted[0] === "+" || wanted[0] === "#")) return false;
  for (const [index, part] of wanted.entries()) {
    if (part === "#") return true;
    if (levels[index] === undefined || (part !== "+" && part !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
