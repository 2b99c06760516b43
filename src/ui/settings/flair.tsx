/** What my nara wears just now, and why. */
import { Show } from "solid-js";
import { FlairLegend } from "../flair-legend.tsx";
import { useHouse } from "../house.ts";

export const Flair = () => {
  const { client } = useHouse();
  const me = () => client.living.me;
  return (
    <>
      <p>
        its <strong>flair</strong> goes with every newspaper: what it is, where it lives, what it
        likes and how it feels. nobody chooses it, it follows from its life.
      </p>
      <Show when={me().flair !== ""} fallback={<p class="soft">it wears nothing yet.</p>}>
        <FlairLegend of={me()} />
      </Show>
    </>
  );
};
