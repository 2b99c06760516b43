/** My nara, large, in its landscape: name, character, what it carries, who just came by. */
import { createSignal, For, Show } from "solid-js";
import { Avatar } from "../avatar/Avatar.tsx";
import type { Seat } from "../avatar/stage.ts";
import { Birth } from "../birth/birth.tsx";
import type { Ceremony } from "../birth/ceremony.ts";
import { useHouse } from "../house.ts";
import { characterOf, howBuzzy, patted, span } from "../words.ts";
import { keptLine, postcardsLine } from "./door-words.ts";
import { Visitors } from "./visitors.tsx";

interface HeroProps {
  readonly ceremony: Ceremony;
  readonly onMeet: (name: string) => void;
  readonly onPostcards: () => void;
  readonly onFlair: () => void;
  readonly onNotebook: () => void;
  readonly onCheckpoints: () => void;
}

export const Hero = (props: HeroProps) => {
  const { client, now } = useHouse();
  const me = client.living.me;
  const [pats, setPats] = createSignal(0);
  let hero!: HTMLElement;
  let seat: Seat | undefined;
  const pat = (): void => {
    seat?.pat();
    setPats(pats() + 1);
  };
  const door = (): string =>
    postcardsLine(client.living.postcards.home.length, travelling().length);
  const travelling = () => client.living.postcards.underWay.filter(({ isLost }) => !isLost);
  const isVoting = (): boolean => client.living.checkpoints.ballot?.outcome === null;
  const naming = (): boolean => props.ceremony.step() !== "home";

  return (
    <section class="hero" aria-label="my nara" ref={hero}>
      <button type="button" class="pat" aria-label={`pat ${me.name}`} onClick={pat}>
        <Avatar looks={me} size={340} live zone={() => hero} onSeat={(taken) => (seat = taken)} />
      </button>
      <p class="pat-answer" role="status">
        <Show when={pats() > 0 && pats()} keyed>
          {(count) => <span>it {patted(me.personality, count - 1)}</span>}
        </Show>
      </p>
      <div class="plate">
        <h1 class="my-name" data-me aria-label={naming() ? me.name : undefined}>
          <Show when={naming()} fallback={me.name}>
            <For each={[...me.name]}>
              {(letter, at) => (
                <span ref={(span) => span.style.setProperty("--at", String(at()))}>{letter}</span>
              )}
            </For>
          </Show>
        </h1>
        <p class="character">{characterOf(me.personality).join(", ")}</p>
        <ul class="chips" aria-label="what it carries">
          <Show when={me.flair !== ""}>
            <li>
              <button type="button" class="chip" onClick={() => props.onFlair()}>
                <span class="hidden">flair </span>
                <span class="flair">{me.flair}</span>
              </button>
            </li>
          </Show>
          <Show when={me.barrio.name !== ""}>
            <li class="chip">
              {me.barrio.emoji} {me.barrio.name} barrio
            </li>
          </Show>
          <Show when={me.trend !== ""}>
            <li class="chip">
              {me.trendEmoji} <bdi>{me.trend}</bdi>
            </li>
          </Show>
          <li class="chip">
            {howBuzzy(me.buzz)}, awake {span(now() - me.bornAtMs)}
          </li>
          <Show when={!me.bondValid}>
            <li class="chip">👤 wears a name its soul was not born with</li>
          </Show>
        </ul>
        <div class="doors">
          <button type="button" class="quiet door" onClick={() => props.onPostcards()}>
            <svg viewBox="0 0 20 16" aria-hidden="true">
              <path d="M2 2.500h16v11H2zM13 5h2.500v3H13zM5 6.500h5M5 9.500h4" />
            </svg>
            <span>postcards</span>
            <Show when={door()}>
              <span class="soft">{door()}</span>
            </Show>
          </button>
          <button type="button" class="quiet door" onClick={() => props.onNotebook()}>
            <svg viewBox="0 0 20 16" aria-hidden="true">
              <path d="M4 1.500h12v13H4zM7 1.500v13M9.500 5h4M9.500 8h4" />
            </svg>
            <span>notebook</span>
            <Show when={client.living.stash.savedAtMs > 0}>
              <span class="soft">{keptLine(client.living.stash)}</span>
            </Show>
          </button>
          <button type="button" class="quiet door" onClick={() => props.onCheckpoints()}>
            <svg viewBox="0 0 20 16" aria-hidden="true">
              <path d="M3 1.500h14v13H3zM6.500 8l2.500 2.500 4.500-5" />
            </svg>
            <span>checkpoints</span>
            <Show when={isVoting()}>
              <span class="soft">a vote about you</span>
            </Show>
          </button>
        </div>
      </div>
      <Visitors onMeet={props.onMeet} />
      <Birth ceremony={props.ceremony} />
    </section>
  );
};
