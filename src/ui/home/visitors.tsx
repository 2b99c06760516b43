/** Neighbours that greeted me stand on the hill; a fresh howdy has a speech bubble. */
import { createEffect, createMemo, createSignal, For, Show, untrack } from "solid-js";
import { Avatar } from "../avatar/Avatar.tsx";
import { useHouse } from "../house.ts";

/** Places on the hill (scene.css). */
const places = 6;
/** Greetings of naras that were here before the page opened are old news. */
const freshMs = 45_000;
/** Within this time of its opening a page learns what was before it. */
const settlingMs = 2000;
/** How long a speech bubble stays. */
const bubbleMs = 11_000;

export const Visitors = (props: { readonly onMeet: (name: string) => void }) => {
  const { client, now } = useHouse();
  const [heard, setHeard] = createSignal<ReadonlyMap<string, number>>(new Map());
  const openedAtMs = Date.now();

  createEffect(() => {
    const known = untrack(heard);
    const greeters = client.living.neighbours.filter(({ greetedMe }) => greetedMe);
    const isNews =
      known.size > 0 ||
      Date.now() - client.living.me.bornAtMs < freshMs ||
      Date.now() - openedAtMs > settlingMs;
    const atMs = isNews ? Date.now() : 0;
    setHeard(new Map(greeters.map(({ name }) => [name, known.get(name) ?? atMs] as const)));
  });

  const standing = createMemo(() => {
    const here = new Set(
      client.living.neighbours.filter(({ online }) => online === "ONLINE").map(({ name }) => name),
    );
    const greeters = [...heard()].sort(([, one], [, other]) => one - other);
    return greeters
      .map(([name]) => name)
      .filter((name) => here.has(name))
      .slice(-places);
  });
  const lastHowdy = (): string => {
    const last = [...heard()].reduce((one, other) => (other[1] > one[1] ? other : one), ["", 0]);
    return last[1] > 0 ? `${last[0]} says howdy` : "";
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
