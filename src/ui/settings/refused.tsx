/** What was turned away at the door, by reason and how often. */
import { For, Show } from "solid-js";
import { useHouse } from "../house.ts";

export const Refused = () => {
  const { client } = useHouse();
  const mostFirst = () => [...client.living.drops].sort((a, b) => b.count - a.count);
  return (
    <>
      <p>
        not everything that is shouted on the plaza is true. what does not hold up is not let in,
        and counted here since this nara woke.
      </p>
      <Show
        when={mostFirst().length > 0}
        fallback={
          <p class="empty">
            <span aria-hidden="true">🚪</span>
            nobody was turned away so far. a well-behaved plaza.
          </p>
        }
      >
        <table class="refused">
          <thead>
            <tr>
              <th scope="col">what it was</th>
              <th scope="col">times</th>
            </tr>
          </thead>
          <tbody>
            <For each={mostFirst()}>
              {(drop) => (
                <tr>
                  <td>
                    {drop.meaning}
                    <br />
                    <code>{drop.reason}</code>
                  </td>
                  <td class="number">{drop.count}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </>
  );
};
