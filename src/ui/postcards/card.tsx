/** A postcard that is home: its front in my colours, with the postmark of every hop. */
import { For, Show } from "solid-js";
import type { Aura, PostcardHome } from "../../nara/view.ts";
import { Avatar } from "../avatar/Avatar.tsx";
import { useHouse } from "../house.ts";
import { ago } from "../words.ts";
import { journeyLine } from "./journey-words.ts";
import { Postmark } from "./postmark.tsx";

interface CardProps {
  readonly card: PostcardHome;
  readonly id: string;
  readonly auraOf: (name: string) => Aura | undefined;
}

/** Postmarks that fit on a front; the list below tells of all. */
const mostMarks = 10;

export const Card = (props: CardProps) => {
  const { client, now } = useHouse();
  const hidden = (): number => props.card.hops.length - mostMarks;
  return (
    <li class="card-home">
      <article class="postcard" aria-labelledby={`${props.id}-message`}>
        <p class="card-message" id={`${props.id}-message`}>
          {props.card.message}
        </p>
        <span class="card-stamp">
          <Avatar looks={client.living.me} size={88} />
        </span>
        <div class="marks">
          <For each={props.card.hops.slice(0, mostMarks)}>
            {(hop, at) => (
              <Postmark
                hop={hop}
                at={at()}
                aura={props.auraOf(hop.nara)}
                id={`${props.id}-${at()}`}
              />
            )}
          </For>
          <Show when={hidden() > 0}>
            <span class="more-marks" aria-hidden="true">
              +{hidden()}
            </span>
          </Show>
        </div>
      </article>
      <details class="way">
        <summary>
          {journeyLine(props.card)}, home {ago(now(), props.card.homeAtMs)}
        </summary>
        <ol>
          <For each={props.card.hops}>
            {(hop) => (
              <li>
                <span class="way-stamp">
                  <span class="hidden">stamp </span>
                  {hop.stamp}
                </span>
                <bdi>{hop.nara}</bdi>
                <time datetime={isoOf(hop.atMs)}>{clockOf(hop.atMs)}</time>
              </li>
            )}
          </For>
        </ol>
        <p class="help">every hop signed the message and all hops before it.</p>
      </details>
    </li>
  );
};

/** What a nara's clock says may be beyond any date. */
const isDate = (ms: number): boolean => !Number.isNaN(new Date(ms).getTime());
const isoOf = (ms: number): string => (isDate(ms) ? new Date(ms).toISOString() : "");
const clockOf = (ms: number): string =>
  isDate(ms) ? new Date(ms).toLocaleTimeString("en", { hour12: false }) : "some day";
