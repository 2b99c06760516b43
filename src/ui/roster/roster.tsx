/** The street: one arched window per neighbour, lit while it is home. */
import { createMemo, For, Show } from "solid-js";
import type { NeighbourView } from "../../nara/view.ts";
import { Avatar } from "../avatar/Avatar.tsx";
import { useHouse } from "../house.ts";
import { ago, inRosterOrder, streetLine } from "../words.ts";
import { Lamp } from "./lamp.tsx";

interface RosterProps {
  readonly onMeet: (name: string) => void;
}

export const Roster = (props: RosterProps) => {
  const { client } = useHouse();
  const street = createMemo(() => inRosterOrder(client.living.neighbours));
  return (
    <section class="street" aria-labelledby="street-title">
      <header class="room-head">
        <h2 id="street-title" tabindex="-1">
          the neighbours
        </h2>
        <p>{streetLine(client.living.neighbours)}</p>
      </header>
      <ul class="windows" aria-label="neighbours">
        <For each={street()}>
          {(neighbour) => <Window neighbour={neighbour} onMeet={props.onMeet} />}
        </For>
      </ul>
      <Show when={street().length === 0}>
        <p class="empty">
          <span aria-hidden="true">🕯️</span>
          the street is still dark. lights go on as neighbours say howdy; open this page on another
          machine and there will be two of you.
        </p>
      </Show>
    </section>
  );
};

const Window = (props: {
  readonly neighbour: NeighbourView;
  readonly onMeet: (name: string) => void;
}) => {
  const { now } = useHouse();
  let card!: HTMLLIElement;
  const one = props.neighbour;
  return (
    <li class="window" data-online={one.online} ref={card}>
      <div class="pane">
        <Avatar looks={one} size={104} asleep={one.online !== "ONLINE"} zone={() => card} />
        <Show when={one.barrio.emoji !== ""}>
          <span class="door-plate" title={`${one.barrio.name} barrio`}>
            <span class="hidden">{one.barrio.name} barrio </span>
            <span aria-hidden="true">{one.barrio.emoji}</span>
          </span>
        </Show>
      </div>
      <div class="wall">
        <p class="sill">
          <Show when={one.flair !== ""}>
            <span class="hidden">flair </span>
          </Show>
          <span class="flair">{one.flair}</span>
        </p>
        <h3>
          <button
            type="button"
            class="stretched"
            aria-haspopup="dialog"
            onClick={() => props.onMeet(one.name)}
          >
            <bdi>{one.name}</bdi>
          </button>
        </h3>
        <p class="state">
          <Lamp online={one.online} />
          <Show when={one.lastSeenAtMs > 0}>
            <span class="seen">
              <span class="hidden">last </span>seen {ago(now(), one.lastSeenAtMs)}
            </span>
          </Show>
        </p>
        <Show when={one.greetedMe || one.keyConflicts > 0}>
          <p class="badges">
            <Show when={one.greetedMe}>
              <span class="badge">said howdy</span>
            </Show>
            <Show when={one.keyConflicts > 0}>
              <span
                class="badge warn"
                title="somebody else claimed this name with another key and was not believed"
              >
                ⚠ impostor refused
              </span>
            </Show>
          </p>
        </Show>
      </div>
    </li>
  );
};
