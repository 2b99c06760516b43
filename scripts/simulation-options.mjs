/**
 * Node's options for simulations: memory is measured after garbage was collected, hundreds of naras
 * need room, and what dies young dies before it is copied (megabytes; V8's own choice of 16 has a
 * hundred naras spend a quarter of their time on collecting garbage). What lives long is left alone
 * until there is much of it: a world that is thrown away as a whole needs no tidying. One thread
 * collects: several take more of the processor for the same, and speed is told for one core.
 * Nothing is marked in small steps: V8 begins that whenever the wall clock leaves it time, and takes
 * a tenth of the processor for it in a run of a hundred naras, which nobody sees stand still.
 */
export const simulationOptions = [
  "--expose-gc",
  "--single-threaded-gc",
  "--max-old-space-size=16384",
  "--min-semi-space-size=256",
  "--max-semi-space-size=256",
  "--initial-old-space-size=4096",
  "--no-incremental-marking",
];
