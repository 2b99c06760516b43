import type { Dweller } from "../dweller.ts";
import { scenario } from "../scenario.ts";

/** One in so many lives on a server; all others are pages that people open and close. */
const residentEvery = 7;
/** Chances in a virtual minute. */
const chances = {
  /** A resident's machine restarts: once a day. */
  restart: 1 / 1440,
  /** Somebody opens a page, in the middle of the day; hardly anybody does at night. */
  open: 1 / 420,
  /** Somebody has had enough of a page, or closes the lid over it. */
  close: 1 / 80,
  /** Somebody opens the lid again. */
  wake: 1 / 30,
};
/** At the end all come and stay, so much of the time: they must agree on what happened. */
const gathering = (hours: number): number => Math.min(1 / 3, hours / 3);

export const churn = scenario("churn", {
  about: "for a day people open, reload and close their pages; few naras are always here",
  size: { naras: 50, hours: 24 },
  testSize: { naras: 50, hours: 24 },
  // Who comes for the last twenty minutes has not seen most births.
  testAgreementOfAll: 0.9,
  async play(world, size) {
    const residents = world.settle(Math.ceil(size.naras / residentEvery), { canBeCalled: true });
    const pages = world.settle(size.naras - residents.length, { memory: "short" });
    const naras = [...residents, ...pages];
    const chance = world.random.fork("churn");
    const happens = (often: number): boolean => chance.fraction() < often;
    for (const nara of naras) nara.skew((chance.fraction() - 0.5) * 6000);

    const close = (page: Dweller): void => {
      const how = chance.fraction();
      if (how < 1 / 4) void page.leave();
      else if (how < 1 / 2) page.freeze();
      else page.crash();
      // Reloaded.
      if (how > 3 / 4) page.start();
    };

    await world.wake(residents, { minutes: 5 });
    world.countFromHere();
    const startMs = world.clock.monotonicMs();
    const hour = (): number => (world.clock.monotonicMs() - startMs) / 3_600_000;
    while (hour() < size.hours - gathering(size.hours)) {
      for (const resident of residents) {
        if (happens(chances.restart)) {
          resident.crash();
          resident.start();
        }
      }
      for (const page of pages) {
        const state = page.state();
        if (state === "down" && happens(chances.open * daylight(hour()))) page.start();
        else if (state === "frozen" && happens(chances.wake)) page.thaw();
        else if (state === "up" && happens(chances.close)) close(page);
      }
      await world.pass({ minutes: 1 });
    }
    for (const page of pages) if (page.state() === "frozen") page.thaw();
    await world.wake(
      naras.filter((nara) => nara.state() === "down"),
      { minutes: 2 },
    );
    await world.pass({ hours: size.hours - hour() });
  },
});

/** How much a page is wanted, 0–1: not at midnight, when a story begins, and most at noon. */
const daylight = (hour: number): number => (1 - Math.cos((hour / 24) * 2 * Math.PI)) / 2;
