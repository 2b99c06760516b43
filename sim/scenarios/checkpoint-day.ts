import { part, scenario } from "../scenario.ts";

/** Neighbours that it takes to propose (docs/protocol/mesh-runtime-checkpoints.md §5). */
const leastNaras = 8;

export const checkpointDay = scenario("checkpoint-day", {
  about: "everybody has its life witnessed: each proposes a checkpoint, and the others vote",
  size: { naras: 20, hours: 26 },
  testSize: { naras: 8, hours: 0.6 },
  leastNaras,
  async play(world, size, expect) {
    const naras = world.settle(size.naras);
    await world.wake(naras, { minutes: 20 });
    world.countFromHere();
    await world.pass(part(size, 0.4));
    // A day is long enough for all to propose by themselves.
    if (size.hours < 24) {
      for (const nara of naras) {
        const asked = nara.nara().checkpoints.ask();
        expect(
          asked.ok,
          `${nara.name} may ask for a checkpoint${asked.ok ? "" : `: ${asked.refusal}`}`,
        );
        await world.pass({ minutes: (0.4 * 60 * size.hours) / naras.length });
      }
    }
    await world.pass(part(size, size.hours < 24 ? 0.2 : 0.6));
    for (const { name } of naras) {
      const witnesses = naras.filter(
        (other) => other.name !== name && other.nara().checkpoints.chain(name).length > 0,
      );
      expect(
        witnesses.length > naras.length / 2,
        `a checkpoint of ${name} is known to most: ${witnesses.length} of ${naras.length - 1}`,
      );
    }
  },
});
