/** What stands on the doors below the name. What is said behind them comes with their rooms. */
import type { StashView } from "../../nara/view.ts";

/** Postcards: "3 home, 1 under way". */
export const postcardsLine = (home: number, underWay: number): string => {
  const parts = [
    ...(home > 0 ? [`${home} home`] : []),
    ...(underWay > 0 ? [`${underWay} under way`] : []),
  ];
  return parts.join(", ");
};

/** The notebook: "kept by 3". */
export const keptLine = ({
  confidants,
  wanted,
}: Pick<StashView, "confidants" | "wanted">): string =>
  confidants.length === 0 ? "kept by nobody yet" : `kept by ${Math.min(confidants.length, wanted)}`;
