/** A postcard that is not home: what its sender knows of it, and where knowledge ends. */
import { For, Show } from "solid-js";
import type { PostcardUnderWay } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { whereabouts } from "./journey-words.ts";

/** Names on the way that are shown; the sentence beside it counts the others. */
const mostNames = 4;

export const UnderWay = (props: { readonly card: PostcardUnderWay }) => {
  const { client, now } = useHouse();
  const known = (): readonly string[] => {
    const { takenBy, seenBy } = props.card;
    return [...new Set([takenBy, ...seenBy])].filter((name) => name !== "").slice(0, mostNames);
  };
  return (
    <li class="travelling" data-lost={props.card.isLost ? "" : undefined}>
      <p class="travelling-message">{props.card.message}</p>
      <p class="route" aria-hidden="true">
        <span class="stop">
          <bdi>{client.living.me.name}</bdi>
        </span>
        <For each={known()}>
          {(name) => (
            <span class="stop">
              <bdi>{name}</bdi>
            </span>
          )}
        </For>
        <span class="stop somewhere">
          <Show when={props.card.isLost} fallback="somewhere…">
            nobody knows
          </Show>
        </span>
        <span class="stop home-stop">home</span>
      </p>
      <p class="help">{whereabouts(props.card, now())}</p>
    </li>
  );
};
