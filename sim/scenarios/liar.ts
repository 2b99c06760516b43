import { newSyncEvent, signSyncEvent } from "../../src/nara/events/sync-event.ts";
import type { Plaza } from "../../src/nara/ports.ts";
import { part, scenario } from "../scenario.ts";

/** In January 1970. A lie within a factor of five is weighed like the truth (events-and-ledger.md §8). */
const earlyBirthS = 1_000_000n;
/** Naras that the liar lies about in each of its rounds. */
const victimsARound = 3;

export const liar = scenario("liar", {
  about: "one of ten lies about all others: restarts, births, absences, in howdys and zines",
  size: { naras: 10, hours: 12 },
  testSize: { naras: 10, hours: 0.75 },
  leastNaras: 4,
  async play(world, size, expect) {
    const honest = world.settle(size.naras - 1);
    const chance = world.random.fork("lies");
    const mallet = world.settleOne("liar", { throughPlaza: withLyingHowdys });
    world.judge.distrust(mallet.name);
    // Naras with a past: each was seen to come, and to come back, by some who had listened for a while.
    await world.wake(honest, { minutes: 4 * honest.length });
    for (const nara of honest) {
      void nara.leave();
      await world.pass({ minutes: 1 });
      nara.start();
      await world.pass({ minutes: 3 });
    }
    // What some saw has come around to all who catch up.
    await world.pass({ minutes: 45 });
    mallet.start();
    await world.pass({ minutes: 4 });
    world.countFromHere();
    const keyPair = world.crypto.keyPair(mallet.identity.soul.seed);
    const rounds = Math.max(1, Math.floor(part(size, 1).minutes / 5));
    for (let round = 0; round < rounds; round++) {
      const nowNs = world.clock.nowNs();
      const lies = Array.from({ length: victimsARound }, (_, n) => {
        const subject = honest[Math.floor(chance.fraction() * honest.length)]?.name ?? "";
        const isAbsence = chance.fraction() < 0.5;
        return signSyncEvent(
          newSyncEvent("observation", nowNs + BigInt(n), {
            observer: mallet.name,
            subject,
            importance: isAbsence ? 2n : 3n,
            ...(isAbsence
              ? {
                  type: "status-change",
                  online_state: chance.fraction() < 0.5 ? "MISSING" : "OFFLINE",
                }
              : {
                  type: "restart",
                  start_time: earlyBirthS,
                  restart_num: BigInt(Math.floor(chance.fraction() * 10_000)),
                  last_restart: nowNs / 1_000_000_000n,
                }),
          }),
          mallet.name,
          keyPair,
        );
      });
      await mallet.nara().remember(lies);
      await world.pass({ minutes: 5 });
    }
    const lied = honest.filter(({ nara }) =>
      nara()
        .runtime.ledger.events()
        .some(({ emitter, svc }) => emitter === mallet.name && svc === "observation"),
    );
    expect(lied.length > 0, "the lies have been told");
  },
});

/** What it remembers of others, as its howdys tell, is made up. */
const withLyingHowdys = (plaza: Plaza): Plaza => ({
  address: plaza.address,
  connect(attempt) {
    const link = plaza.connect(attempt);
    return {
      ...link,
      publish(topic, payload, qos) {
        if (!topic.endsWith("/howdy")) return link.publish(topic, payload, qos);
        const text = new TextDecoder()
          .decode(payload)
          .replaceAll(/"start_time":\d+/g, '"start_time":1000000000')
          .replaceAll(/"last_seen":/g, '"restarts":9999,"last_seen":');
        return link.publish(topic, new TextEncoder().encode(text), qos);
      },
    };
  },
});
