import { scenario } from "../scenario.ts";

/** Each nara's chance to go, per virtual minute: about four times a day. */
const goes = 1 / 360;
/** At the end nobody goes any more, hours: time for all to hear what happened. */
const restHours = (hours: number): number => Math.min(1, hours / 3);

/** A third of those who go say goodbye, a third crash, a third crash and start again at once. */
export const turnover = scenario("turnover", {
  about: "all are here for a day, but each goes now and then, with and without goodbye",
  size: { naras: 50, hours: 24 },
  testSize: { naras: 10, hours: 0.75 },
  async play(world, size) {
    const naras = world.settle(size.naras);
    const chance = world.random.fork("turnover");
    for (const nara of naras) nara.skew((chance.fraction() - 0.5) * 6000);
    await world.wake(naras, { minutes: 5 });
    world.countFromHere();
    const rest = restHours(size.hours);
    const endMs = world.clock.monotonicMs() + 3_600_000 * (size.hours - rest);
    while (world.clock.monotonicMs() < endMs) {
      for (const nara of naras) {
        if (nara.state() === "down") {
          if (chance.fraction() < 1 / 20) nara.start();
        } else if (chance.fraction() < goes) {
          const how = chance.fraction();
          if (how < 1 / 3) void nara.leave();
          else nara.crash();
          if (how > 2 / 3) nara.start();
        }
      }
      await world.pass({ minutes: 1 });
    }
    await world.wake(
      naras.filter((nara) => nara.state() === "down"),
      { minutes: 2 },
    );
    await world.pass({ minutes: 60 * rest });
  },
});
