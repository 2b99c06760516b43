import { part, scenario } from "../scenario.ts";

export const realKeys = scenario("real-keys", {
  about: "a few naras live with real Ed25519 signatures, and one crashes",
  size: { naras: 8, hours: 2 },
  testSize: { naras: 4, hours: 0.5 },
  realKeys: true,
  async play(world, size) {
    const naras = world.settle(size.naras);
    await world.wake(naras, { minutes: 15 });
    world.countFromHere();
    await world.pass(part(size, 0.4));
    naras[1]?.crash();
    await world.pass({ minutes: 1 });
    naras[1]?.start();
    await world.pass(part(size, 0.6));
  },
});
