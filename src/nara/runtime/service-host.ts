/** Starts services in order, stops them in reverse; when one cannot start, none has. */
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Clock } from "../ports.ts";
import type { Loggers } from "./log.ts";
import { reasonOf } from "./pipelines.ts";
import type { Service, ServiceContext } from "./service.ts";
import { createTimers, type Timers } from "./timers.ts";

export interface ServiceHost {
  start(): Promise<Outcome<void>>;
  /** The last service's goodbye is said before this returns. */
  stop(): Promise<void>;
}

export interface ServiceHostParts {
  readonly services: readonly Service[];
  readonly clock: Clock;
  readonly loggers: Loggers;
  contextFor(service: Service, timers: Timers): ServiceContext;
}

/** Sets all services up at once. */
export function createServiceHost(parts: ServiceHostParts): ServiceHost {
  const residents = parts.services.map((service) => {
    const log = parts.loggers.of(service.name);
    const timers = createTimers(parts.clock, log.error);
    const life = service.setup(parts.contextFor(service, timers));
    return { service, life, log, timers };
  });
  let started: typeof residents = [];

  const stop = async (): Promise<void> => {
    const stopping = started.reverse();
    started = [];
    for (const { life, log, timers } of stopping) {
      timers.cancelAll();
      try {
        await life.stop?.();
      } catch (error) {
        log.error(`while stopping: ${reasonOf(error)}`);
      }
    }
  };

  return {
    stop,
    async start() {
      for (const resident of residents) {
        let outcome: Outcome<void>;
        try {
          outcome = (await resident.life.start?.()) ?? accept(undefined);
        } catch (error) {
          outcome = refuse(reasonOf(error));
        }
        if (!outcome.ok) {
          resident.timers.cancelAll();
          await stop();
          return refuse(`${resident.service.name} could not start: ${outcome.refusal}`);
        }
        started.push(resident);
      }
      return accept(undefined);
    },
  };
}
