/** Neighbours that greeted me stand on the hill; a fresh howdy has a speech bubble. */
import { createEffect, createMemo, createSignal, For, Show } from "solid-js";
import { Avatar } from "../avatar/Avatar.tsx";
import { useHouse } from "../house.ts";

/** Places on the hill (scene.css). */
const places = 6;
/** Greetings of naras that were here before the page opened are old news. */
const freshMs = 45_000;
/** How long a speech bubble stays. */
const bubbleMs = 11_000;

export const Visitors = (props: { readonly onMeet: (name: string) => void }) => {
  const { client, now } = useHouse();
  const [heard, setHeard] = createSignal<ReadonlyMap<string, number>>(new Map());
  const openedAtMs = Date.now();

  createEffect(() => {
    const known = heard();
    const greeters = client.living.neighbours.filter(({ greetedMe }) => greetedMe);
    const newcomers = greeters.filter(({ name }) => !known.has(name));
    if (newcomers.length === 0) return;
    const justBorn = Date.now() - client.living.me.bornAtMs < freshMs;
    const atMs = known.size > 0 || justBorn || Date.now() - openedAtMs > 2000 ? Date.now() : 0;
    setHeard(new Map([...known, ...newcomers.map(({ name }) => [name, atMs] as const)]));
  });

  const standing = createMemo(() => {
    const here = new Set(
      client.living.neighbours.filter(({ online }) => online === "ONLINE").map(({ name }) => name),
    );
    return [...heard().keys()].filter((name) => here.has(name)).slice(-places);
  });
  const lastHowdy = (): string => {
    const [name, atMs] = [...heard()].at(-1) ?? ["", 0];
    return atMs > 0 ? `${name} says howdy` : "";
  };

  return (
    <>
      <p class="hidden" role="status">
        {lastHowdy()}
      </p>
      <ul class="visitors" aria-label="on the hill">
        <For each={standing()}>
          {(name) => (
            <Show when={client.living.neighbours.find((one) => one.name === name)}>
              {(visitor) => (
                <li>
                  <button
                    type="button"
                    aria-label={`${name} says howdy`}
                    onClick={() => props.onMeet(name)}
                  >
                    <span
                      class="bubble"
                      data-fresh={now() - (heard().get(name) ?? 0) < bubbleMs ? "" : undefined}
                      aria-hidden="true"
                    >
                      <bdi>{name}</bdi> says howdy
                    </span>
                    <Avatar looks={visitor()} size={72} />
                  </button>
                </li>
              )}
            </Show>
          )}
        </For>
      </ul>
    </>
  );
};
