/** What the plaza tells, newest first: a feed of articles (docs/protocol/ui-and-api.md §a Timeline). */
import { createMemo, For, Show } from "solid-js";
import type { TimelineEntry } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { rememberingLine } from "../mesh-words.ts";
import { memoryLine } from "../words.ts";
import { EntryWords } from "./entry-words.tsx";
import { runsOf } from "./runs.ts";

interface TimelineProps {
  readonly onMeet: (name: string) => void;
  /** To all that is remembered. */
  readonly onBack: () => void;
  /** To how much that is. */
  readonly onMemory: () => void;
}

export const Timeline = (props: TimelineProps) => {
  const { client } = useHouse();
  const runs = createMemo(() => runsOf(client.living.timeline));
  const newestFirst = createMemo(() => [...runs().keys()].reverse());
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
      <p class="remembering" role="status">
        {rememberingLine(client.living.mesh)}
      </p>
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
              times={runs().get(entry) ?? 1}
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
      <Remembered onBack={props.onBack} onMemory={props.onMemory} />
    </section>
  );
};

interface EntryProps {
  readonly entry: TimelineEntry;
  readonly position: number;
  readonly total: number;
  readonly times: number;
  readonly known: boolean;
  readonly onMeet: (name: string) => void;
}

const Entry = (props: EntryProps) => (
  <article
    class="entry"
    tabindex={props.position === 1 ? 0 : -1}
    aria-posinset={props.position}
    aria-setsize={props.total}
    aria-labelledby={`entry-${props.entry.id}`}
  >
    <EntryWords
      entry={props.entry}
      id={`entry-${props.entry.id}`}
      times={props.times}
      known={props.known}
      onMeet={props.onMeet}
    />
  </article>
);

/** How much of all that is kept, and the ways to it. */
const Remembered = (props: Pick<TimelineProps, "onBack" | "onMemory">) => {
  const { client } = useHouse();
  const memory = () => client.living.memory;
  return (
    <p class="remembered">
      <button type="button" aria-haspopup="dialog" onClick={() => props.onBack()}>
        look further back
      </button>
      <button type="button" class="link" aria-haspopup="dialog" onClick={() => props.onMemory()}>
        {memoryLine(memory())}
      </button>
    </p>
  );
};
