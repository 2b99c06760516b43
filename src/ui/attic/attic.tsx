/** The attic: everything that is remembered, as far back as it goes, by kind and by name. */
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  on,
  onCleanup,
  Show,
  untrack,
} from "solid-js";
import { Dialog } from "../dialog.tsx";
import { useHouse } from "../house.ts";
import { kinds } from "../memory-words.ts";
import { EntryWords } from "../timeline/entry-words.tsx";
import { counted } from "../words.ts";
import "./attic.css";
import { KindPills } from "./kind-pills.tsx";
import { createLane, type Lane } from "./lane.ts";
import { VirtualList } from "./virtual-list.tsx";

interface AtticProps {
  /** Whom to look for at first; "" for everybody. */
  readonly name: string;
  readonly onMeet: (name: string) => void;
  readonly onClose: () => void;
}

/** Typing is over when nothing was typed for so long. */
const typingMs = 250;
/** Rows that are brought before anybody scrolls to them. */
const ahead = 250;

export const Attic = (props: AtticProps) => {
  const { client } = useHouse();
  const [chosen, setChosen] = createSignal<readonly string[]>([]);
  const [name, setName] = createSignal(props.name);
  const [asked, setAsked] = createSignal(0);
  let typing: number | undefined;
  onCleanup(() => clearTimeout(typing));

  const known = createMemo(() => new Set(client.living.neighbours.map((one) => one.name)));
  const newest = createMemo(
    () => client.living.timeline.findLast(({ kind }) => isOfMemory(kind))?.id,
  );
  /** A question, asked at a moment: what came later is told of, not mixed in. */
  const search = createMemo(() => {
    asked();
    const question = { kinds: chosen(), name: name() };
    return { lane: createLane(client.command, question), newest: untrack(newest) };
  });
  const lane = (): Lane => search().lane;
  const isFiltered = (): boolean => chosen().length > 0 || name() !== "";
  createEffect(
    on(
      () => client.living.memory.held,
      () => {
        if (lane().total() === 0 && !isFiltered()) setAsked(asked() + 1);
      },
      { defer: true },
    ),
  );
  const typed = (text: string): void => {
    clearTimeout(typing);
    typing = window.setTimeout(() => setName(text.trim()), typingMs);
  };
  const line = (): string => {
    const total = lane().total();
    const trouble = lane().trouble();
    if (trouble !== undefined) return trouble;
    if (total === undefined) return "looking…";
    const all = counted(client.living.memory.held);
    if (isFiltered()) return `${counted(total)} of ${all} memories fit`;
    return total === 1 ? "one memory" : `${counted(total)} memories`;
  };

  return (
    <Dialog id="attic" class="attic" title="as far back as I remember" onClose={props.onClose}>
      <KindPills chosen={chosen()} onChoose={setChosen} />
      <div class="attic-search">
        <p class="attic-line">
          <span role="status">{line()}</span>
          <Show when={newest() !== search().newest || lane().trouble() !== undefined}>
            <button type="button" class="link" onClick={() => setAsked(asked() + 1)}>
              {lane().trouble() === undefined ? "show what is newer" : "try again"}
            </button>
          </Show>
        </p>
        <label class="attic-name">
          of whom?
          <input
            type="search"
            value={props.name}
            list="attic-names"
            maxlength="63"
            placeholder="anybody"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={({ currentTarget }) => typed(currentTarget.value)}
          />
          <datalist id="attic-names">
            <For each={[...known()].sort()}>{(one) => <option value={one} />}</For>
          </datalist>
        </label>
      </div>
      <Show
        when={lane().total() !== 0}
        fallback={
          <p class="empty">
            <span aria-hidden="true">🕸️</span>
            only cobwebs. what nobody remembers may never have happened.
          </p>
        }
      >
        <VirtualList
          label="memories, newest first"
          total={lane().total() ?? 0}
          topic={search()}
          onReach={(last) => lane().want(last + ahead)}
        >
          {(index) => (
            <Show when={lane().at(index)} fallback={<p class="entry-dim">…</p>}>
              {(entry) => (
                <EntryWords
                  entry={entry()}
                  id={`memory-${index}`}
                  known={known().has(entry().about)}
                  onMeet={props.onMeet}
                />
              )}
            </Show>
          )}
        </VirtualList>
      </Show>
    </Dialog>
  );
};

const ofMemory: ReadonlySet<string> = new Set(kinds);
const isOfMemory = (kind: string): boolean => ofMemory.has(kind);
