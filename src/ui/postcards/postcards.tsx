/** Postcards: write one, follow it as far as anybody can, look at those that came home. */
import { For, Show } from "solid-js";
import type { Aura } from "../../nara/view.ts";
import { Dialog } from "../dialog.tsx";
import { useHouse } from "../house.ts";
import { counted } from "../words.ts";
import { Card } from "./card.tsx";
import { Desk } from "./desk.tsx";
import "./postcards.css";
import { UnderWay } from "./under-way.tsx";

export const Postcards = (props: { readonly onClose: () => void }) => {
  const { client } = useHouse();
  const cards = client.living;
  const auraOf = (name: string): Aura | undefined =>
    name === cards.me.name
      ? cards.me.aura
      : cards.neighbours.find((neighbour) => neighbour.name === name)?.aura;
  const carriedLine = (): string => {
    const { carried } = cards.postcards;
    if (carried === 0) return "";
    return carried === 1
      ? "you carried one of somebody else's on."
      : `you carried ${counted(carried)} of others on.`;
  };

  return (
    <Dialog id="postcards" class="postcards" title="postcards" onClose={props.onClose}>
      <p class="story-line">
        a postcard goes from nara to nara, whoever counts for most and lives near comes next. each
        one stamps it, and the last one brings it home.{" "}
        <Show when={carriedLine()}>{carriedLine()}</Show>
      </p>
      <Desk />
      <section aria-labelledby="under-way-title" class="journeys">
        <h3 id="under-way-title">under way</h3>
        <Show
          when={cards.postcards.underWay.length > 0}
          fallback={
            <p class="empty">
              <span aria-hidden="true">🛤️</span>
              no journey at the moment. while there is one, only its carriers know where it is.
            </p>
          }
        >
          <ul class="travellers">
            <For each={cards.postcards.underWay}>{(card) => <UnderWay card={card} />}</For>
          </ul>
        </Show>
      </section>
      <section aria-labelledby="home-title" class="journeys">
        <h3 id="home-title">
          home again <span class="count">{cards.postcards.home.length}</span>
        </h3>
        <Show
          when={cards.postcards.home.length > 0}
          fallback={
            <p class="empty">
              <span aria-hidden="true">📮</span>
              the wall is bare. the first postcard to come home hangs here, with a stamp of every
              nara on its way.
            </p>
          }
        >
          <ul class="gallery" aria-label="postcards that came home, latest first">
            <For each={cards.postcards.home}>
              {(card, at) => <Card card={card} id={`card-${at()}`} auraOf={auraOf} />}
            </For>
          </ul>
        </Show>
      </section>
    </Dialog>
  );
};
