/**
 * Where a question of one of our naras leads: to the relay itself, to another of ours in process, to
 * one at another relay over the bus, or out. (docs/server.md, The mesh)
 */
import { relayItself } from "../../tunnel/directory.ts";
import type { RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import type { Bus } from "../bus/bus.ts";
import type { Directory } from "./directory.ts";
import type { Egress } from "./egress.ts";
import type { Metrics } from "./metrics.ts";
import { passOn } from "./neighbours.ts";
import { type Addressee, deaf, wayTo } from "./question.ts";

export interface RoutesParts {
  readonly nowMs: () => number;
  readonly metrics: Metrics;
  /** Whom an authority means here. */
  find(authority: string): Addressee | undefined;
  /** Undefined: one relay alone. */
  readonly bus: Bus | undefined;
  readonly goOut: Egress;
  /** Answers what the relay itself is asked. */
  readonly directory: Directory;
}

export interface Routes {
  /** @param name who asks. */
  from(name: string, head: RequestHead, asker: Exchange): ExchangeListener;
  /** Asks one of ours, for whoever has been found to mean it. */
  to(addressee: Addressee, head: RequestHead, asker: Exchange): ExchangeListener;
}

export function createRoutes(parts: RoutesParts): Routes {
  const { nowMs, metrics, find, bus, goOut } = parts;
  const answeredSince = (beganMs: number) => (): void => {
    metrics.add("neighbour_requests", 1);
    metrics.observeMs(nowMs() - beganMs);
  };
  const to: Routes["to"] = (addressee, head, asker) => {
    const way = wayTo(addressee);
    if (way.ok) return passOn(head, asker, way.value, answeredSince(nowMs()));
    metrics.refuse(way.refusal);
    asker.cancel(way.refusal === "this nara is away" ? "unreachable" : "busy");
    return deaf;
  };
  return {
    to,
    from: (name, head, asker) => {
      const authority = head.authority.toLowerCase();
      if (authority === relayItself) return parts.directory(name, head, asker);
      const here = find(authority);
      if (here !== undefined) return to(here, head, asker);
      if (bus === undefined) return goOut(name, head, asker);
      const beganMs = nowMs();
      return afterwards(
        bus
          .isHeld(authority)
          .then(
            (isHeld) => () =>
              isHeld
                ? passOn(head, asker, bus.towards(authority), answeredSince(beganMs))
                : goOut(name, head, asker),
          ),
      );
    },
  };
}

/** Hears a question until it is known who is asked; its windows bound what waits. */
function afterwards(decided: Promise<() => ExchangeListener>): ExchangeListener {
  let listener: ExchangeListener | undefined;
  let cancelled = false;
  const heard: ((by: ExchangeListener) => void)[] = [];
  const tell = (what: (by: ExchangeListener) => void): void => {
    if (listener === undefined) heard.push(what);
    else what(listener);
  };
  void decided.then((begin) => {
    if (cancelled) return;
    const by = begin();
    listener = by;
    for (const what of heard.splice(0)) what(by);
  });
  return {
    onBody: (bytes) => tell((by) => by.onBody(bytes)),
    onEnd: () => tell((by) => by.onEnd()),
    onRoom: () => listener?.onRoom(),
    onCancel: (reason) => {
      cancelled = true;
      heard.length = 0;
      listener?.onCancel(reason);
    },
  };
}
