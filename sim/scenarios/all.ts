/** The stories there are. */
import type { Scenario } from "../scenario.ts";
import { checkpointDay } from "./checkpoint-day.ts";
import { churn } from "./churn.ts";
import { frozenHalf } from "./frozen-half.ts";
import { liar } from "./liar.ts";
import { partition } from "./partition.ts";
import { realKeys } from "./real-keys.ts";
import { restartStorm } from "./restart-storm.ts";
import { turnover } from "./turnover.ts";

export const scenarios: readonly Scenario[] = [
  churn,
  turnover,
  partition,
  frozenHalf,
  liar,
  checkpointDay,
  restartStorm,
  realKeys,
];
