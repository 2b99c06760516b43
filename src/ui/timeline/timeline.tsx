/** What the plaza tells, newest first: a feed of articles (docs/protocol/ui-and-api.md §a Timeline). */
import { createMemo, For, Show } from "solid-js";
import type { TimelineEntry } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { ago } from "../words.ts";

interface TimelineProps {
  readonly onMeet: (name: string) => void;
}

export const Timeline = (props: TimelineProps) => {
  const { client } = useHouse();
  const newestFirst = createMemo(() => [...client.living.timeline].reverse());
  const names = createMemo(() => new Set(client.living.neighbours.map(({ name }) => name)));
  let feed!: HTMLDivElement;

  /** Page keys walk from article to article, Ctrl+End leaves, as the feed pattern asks. */
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey && event.key === "End") {
      document.querySelector<HTMLElement>("#street-title")?.focus();
      event.preventDefault();
      return;
    }
    const way = event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : 0;
    if (way === 0) return;
    const articles = [...feed.querySelectorAll<HTMLElement>("article")];
    const at = articles.findIndex((article) => article.contains(document.activeElement));
    const next = articles[at + way];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <section class="telling" aria-labelledby="telling-title">
      <header class="room-head">
        <h2 id="telling-title">what the plaza tells</h2>
        <p>live, newest first</p>
      </header>
      <div
        class="feed"
        role="feed"
        aria-labelledby="telling-title"
        aria-busy={newestFirst().length === 0}
        onKeyDown={onKey}
        ref={feed}
      >
        <For each={newestFirst()}>
          {(entry, at) => (
            <Entry
              entry={entry}
              position={at() + 1}
              total={newestFirst().length}
              known={names().has(entry.about)}
              onMeet={props.onMeet}
            />
          )}
        </For>
      </div>
      <Show when={newestFirst().length === 0}>
        <p class="empty">
          <span aria-hidden="true">👂</span>
          all ears. nothing was heard yet.
        </p>
      </Show>
    </section>
  );
};

interface EntryProps extends TimelineProps {
  readonly entry: TimelineEntry;
  readonly position: number;
  readonly total: number;
  /** The nara it is about can be looked at. */
  readonly known: boolean;
}

const Entry = (props: EntryProps) => {
  const { now } = useHouse();
  const entry = props.entry;
  return (
    <article
      class="entry"
      tabindex={props.position === 1 ? 0 : -1}
      aria-posinset={props.position}
      aria-setsize={props.total}
      aria-labelledby={`entry-${entry.id}`}
    >
      <span class="entry-icon" aria-hidden="true">
        {entry.icon}
      </span>
      <div class="entry-words">
        <p id={`entry-${entry.id}`} class="entry-text">
          <bdi>{entry.text}</bdi>
        </p>
        <Show when={entry.detail !== ""}>
          <p class="entry-detail">
            <bdi>{entry.detail}</bdi>
          </p>
        </Show>
        <p class="entry-foot">
          <time datetime={isoOf(entry.atMs)}>{ago(now(), entry.atMs)}</time>
          <Show when={entry.signed}>
            <span class="seal" title="its signature was checked and holds">
              ✓ signed
            </span>
          </Show>
          <Show when={props.known}>
            <button type="button" class="link" onClick={() => props.onMeet(entry.about)}>
              who?<span class="hidden"> {entry.about}</span>
            </button>
          </Show>
        </p>
      </div>
    </article>
  );
};

/** Empty for a time no calendar has. */
const isoOf = (atMs: number): string => {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
};
