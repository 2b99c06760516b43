/** The words and lights of a birth, laid over the hero; its way out is always in reach. */
import { For, onCleanup, Show } from "solid-js";
import type { Ceremony } from "./ceremony.ts";

const lines = {
  stirring: "somewhere, a nara is being born…",
  condensing: "light gathers around a brand-new soul",
  named: "it opens up, and it has a name",
  "in-character": "it already knows what it likes",
  home: "",
} as const;

export const Birth = (props: { readonly ceremony: Ceremony }) => {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") props.ceremony.skip();
  };
  const onWheel = (): void => props.ceremony.skip();
  window.addEventListener("keydown", onKey);
  window.addEventListener("wheel", onWheel, { passive: true });
  onCleanup(() => {
    window.removeEventListener("keydown", onKey);
    window.removeEventListener("wheel", onWheel);
  });
  return (
    <Show when={props.ceremony.step() !== "home"}>
      <div class="motes" aria-hidden="true">
        <For each={Array.from({ length: 18 })}>
          {(_, at) => <i ref={(mote) => strew(mote, at())} />}
        </For>
      </div>
      <p class="story" role="status">
        {lines[props.ceremony.step()]}
      </p>
      <button type="button" class="quiet skip" onClick={() => props.ceremony.skip()}>
        skip to the end
      </button>
    </Show>
  );
};

/** Motes come from all round, a golden angle apart, one after the other. */
const strew = (mote: HTMLElement, at: number): void => {
  const angle = at * 2.4;
  const reach = 9 + (at % 5) * 2.5;
  mote.style.setProperty("--from-x", `${(Math.cos(angle) * reach).toFixed(1)}rem`);
  mote.style.setProperty("--from-y", `${(Math.sin(angle) * reach).toFixed(1)}rem`);
  mote.style.setProperty("animation-delay", `${at * 130}ms`);
};
