import { part, scenario } from "../scenario.ts";

export const frozenHalf = scenario("frozen-half", {
  about: "half of all naras freeze like hidden tabs for eight hours, and thaw",
  size: { naras: 20, hours: 10 },
  testSize: { naras: 6, hours: 9 },
  leastNaras: 4,
  leastHours: 9,
  async play(world, size, expect) {
    const naras = world.settle(size.naras);
    await world.wake(naras, { minutes: 20 });
    world.countFromHere();
    await world.pass({ minutes: 15 });
    const frozen = naras.filter((_, index) => index % 2 === 1);
    for (const nara of frozen) nara.freeze();
    await world.pass({ hours: 8 });
    for (const nara of frozen) nara.thaw();
    await world.pass({ minutes: Math.max(15, part(size, 1).minutes - 500) });
    for (const nara of naras) {
      const away = nara
        .nara()
        .neighbours()
        .filter(({ observation }) => observation.online !== "ONLINE");
      expect(
        away.length === 0,
        `${nara.name} sees everybody here again, and not ${away[0]?.name} away`,
      );
    }
  },
});
