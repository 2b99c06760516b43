/** One thing that was heard: its bead on the thread, its words, when, whether it was signed, about whom. */
import { Show } from "solid-js";
import type { TimelineEntry } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { ago } from "../words.ts";

interface EntryWordsProps {
  readonly entry: TimelineEntry;
  /** Of the element that names it. */
  readonly id: string;
  /** How often it was said in a row; once by default. */
  readonly times?: number;
  /** The nara it is about can be looked at. */
  readonly known: boolean;
  readonly onMeet: (name: string) => void;
}

export const EntryWords = (props: EntryWordsProps) => {
  const { now } = useHouse();
  return (
    <>
      <span class="entry-icon" aria-hidden="true">
        {props.entry.icon}
      </span>
      <div class="entry-words">
        <p id={props.id} class="entry-text">
          <bdi>{props.entry.text}</bdi>
        </p>
        <Show when={props.entry.detail !== ""}>
          <p class="entry-detail">
            <bdi>{props.entry.detail}</bdi>
          </p>
        </Show>
        <p class="entry-foot">
          <time datetime={isoOf(props.entry.atMs)} title={momentOf(props.entry.atMs)}>
            {ago(now(), props.entry.atMs)}
          </time>
          <Show when={props.entry.signed}>
            <span class="seal" title="its signature was checked and holds">
              ✓ signed
            </span>
          </Show>
          <Show when={(props.times ?? 1) > 1}>
            <span>heard {props.times} times</span>
          </Show>
          <Show when={props.known}>
            <button type="button" class="link" onClick={() => props.onMeet(props.entry.about)}>
              who?<span class="hidden"> {props.entry.about}</span>
            </button>
          </Show>
        </p>
      </div>
    </>
  );
};

/** Empty for a time no calendar has. */
const isoOf = (atMs: number): string => {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
};

const momentOf = (atMs: number): string => {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString();
};
