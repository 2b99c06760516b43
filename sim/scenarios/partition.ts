import { part, scenario } from "../scenario.ts";

export const partition = scenario("partition", {
  about: "the network falls into two halves that hear nothing of each other, and heals",
  size: { naras: 50, hours: 3 },
  testSize: { naras: 8, hours: 1 },
  leastNaras: 4,
  async play(world, size, expect) {
    const naras = world.settle(size.naras);
    await world.wake(naras, { minutes: 20 });
    world.countFromHere();
    await world.pass(part(size, 1 / 3));
    const names = naras.map(({ name }) => name);
    world.weather.split([
      names.filter((_, index) => index % 2 === 0),
      names.filter((_, index) => index % 2 === 1),
    ]);
    await world.pass(part(size, 1 / 3));
    const [alice, bob, carol] = naras;
    const online = (observer = alice, subject = bob) =>
      observer
        ?.nara()
        .neighbours()
        .find(({ name }) => name === subject?.name)?.observation.online;
    expect(online(alice, bob) === "MISSING", "those beyond the rift are missed");
    expect(online(alice, carol) === "ONLINE", "those on this side are not");
    world.weather.heal();
    await world.pass(part(size, 1 / 3));
    expect(online(alice, bob) === "ONLINE", "those who were beyond the rift are here again");
  },
});
