import { part, scenario } from "../scenario.ts";

const restarts = 6;

export const restartStorm = scenario("restart-storm", {
  about: "the broker restarts again and again, once for longer than anybody may be silent",
  size: { naras: 50, hours: 3 },
  testSize: { naras: 10, hours: 0.75 },
  async play(world, size, expect) {
    const naras = world.settle(size.naras);
    await world.wake(naras, { minutes: 5 });
    world.countFromHere();
    await world.pass(part(size, 0.2));
    for (let restart = 1; restart <= restarts; restart++) {
      world.plazaDown();
      await world.pass({ seconds: restart === restarts ? 400 : 5 * restart });
      world.plazaUp();
      await world.pass(restart === restarts ? part(size, 0.3) : part(size, 0.1));
    }
    for (const { name, presentSinceMs } of naras) {
      expect(presentSinceMs() !== undefined, `${name} is back on the plaza`);
    }
  },
});
