/** A flair, mark by mark, in words. */
import { For } from "solid-js";
import { legendOf } from "./flair-words.ts";

export const FlairLegend = (props: {
  readonly of: { readonly flair: string; readonly trend: string; readonly trendEmoji: string };
}) => (
  <ul class="flair-legend" aria-label="what the flair says">
    <For each={legendOf(props.of)}>
      {({ mark, meaning }) => (
        <li>
          <span class="flair" aria-hidden="true">
            {mark}
          </span>
          <span>{meaning}</span>
        </li>
      )}
    </For>
  </ul>
);
