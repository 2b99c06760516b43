/** A closer look at one neighbour: what it says of itself, and what I believe of it, and why. */
import { createSignal, For, type JSX, lazy, Show } from "solid-js";
import type { NeighbourView } from "../../nara/view.ts";
import { Avatar } from "../avatar/Avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { FlairLegend } from "../flair-legend.tsx";
import { useHouse } from "../house.ts";
import { ago, characterOf, fingerprint, howBuzzy } from "../words.ts";
import { Beliefs } from "./beliefs.tsx";
import { Lamp } from "./lamp.tsx";
import { Tease } from "./tease.tsx";

const Game = lazy(async () => ({ default: (await import("../games/game.tsx")).Game }));

interface ProfileProps {
  readonly neighbour: NeighbourView;
  /** To all memories of it; undefined where that is where one came from. */
  readonly onBack: ((name: string) => void) | undefined;
  readonly onCheckpoints: (name: string) => void;
  readonly onClose: () => void;
}

export const Profile = (props: ProfileProps) => {
  const { now } = useHouse();
  const [isPlaying, setPlaying] = createSignal(false);
  const one = (): NeighbourView => props.neighbour;
  const when = (atMs: number): string => (atMs > 0 ? ago(now(), atMs) : "nobody remembers");
  const lookAtCheckpoints = (): void => {
    const { name } = one();
    props.onClose();
    props.onCheckpoints(name);
  };
  const lookBack = (onBack: (name: string) => void): void => {
    const { name } = one();
    props.onClose();
    onBack(name);
  };
  const traits = () =>
    [
      ["agreeableness", one().personality.agreeableness],
      ["sociability", one().personality.sociability],
      ["chill", one().personality.chill],
      ["chattiness", one().chattiness],
    ] as const;
  return (
    <>
      <Dialog id="profile" class="profile" title={<bdi>{one().name}</bdi>} onClose={props.onClose}>
        <div class="profile-top">
          <div class="pane" data-online={one().online}>
            <Avatar looks={one()} size={168} live asleep={one().online !== "ONLINE"} />
          </div>
          <div>
            <p class="state">
              <Lamp online={one().online} />
            </p>
            <p class="character">{characterOf(one().personality).join(", ")}</p>
            <Show when={one().flair !== ""}>
              <details>
                <summary class="flair large">
                  <span class="hidden">flair </span>
                  {one().flair}
                </summary>
                <FlairLegend of={one()} />
              </details>
            </Show>
            <Show when={one().trend !== ""}>
              <p class="soft">
                follows {one().trendEmoji} <bdi>{one().trend}</bdi>
              </p>
            </Show>
          </div>
        </div>
        <Show when={one().keyConflicts > 0}>
          <p class="notice">
            <span class="notice-icon" aria-hidden="true">
              ⚠
            </span>
            <span>
              {one().keyConflicts === 1 ? "once" : `${one().keyConflicts} times`} somebody came
              under this name with another key. they were not believed; this is still the first one.
            </span>
          </p>
        </Show>
        <dl class="traits">
          <For each={traits()}>
            {([name, value]) => (
              <div>
                <dt>{name}</dt>
                <dd>
                  <span class="trait-bar" aria-hidden="true">
                    <Bar value={value} />
                  </span>
                  <span>{value}</span>
                </dd>
              </div>
            )}
          </For>
        </dl>
        <Beliefs neighbour={one()} />
        <div class="buttons">
          <Show when={one().online === "ONLINE"}>
            <Tease name={one().name} />
            <button type="button" aria-haspopup="dialog" onClick={() => setPlaying(true)}>
              play with it
            </button>
          </Show>
          <button type="button" aria-haspopup="dialog" onClick={lookAtCheckpoints}>
            its checkpoints
          </button>
          <Show when={props.onBack}>
            {(onBack) => (
              <button type="button" aria-haspopup="dialog" onClick={() => lookBack(onBack())}>
                all I remember of it
              </button>
            )}
          </Show>
        </div>
        <dl class="facts">
          <Fact name="last seen">{when(one().lastSeenAtMs)}</Fact>
          <Fact name="mood">{howBuzzy(one().buzz)}</Fact>
          <Fact name="barrio">
            {one().barrio.name === "" ? "unknown" : `${one().barrio.emoji} ${one().barrio.name}`}
          </Fact>
          <Fact name="memory">{one().memoryMode || "unknown"}</Fact>
          <Fact name="version">{one().version || "unknown"}</Fact>
          <Fact name="key">
            <code>{fingerprint(one().publicKey) || "not shown yet"}</code>
          </Fact>
          <Fact name="id">
            <code>{fingerprint(one().id) || "not known yet"}</code>
          </Fact>
        </dl>
      </Dialog>
      <Show when={isPlaying()}>
        <Game name={one().name} onClose={() => setPlaying(false)} />
      </Show>
    </>
  );
};

const Fact = (props: { readonly name: string; readonly children: JSX.Element }) => (
  <div>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
);

/** Grows by its own width attribute, so that no inline style is needed. */
const Bar = (props: { readonly value: number }) => (
  <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect width={Math.min(100, Math.max(2, props.value))} height="8" rx="4" />
  </svg>
);
