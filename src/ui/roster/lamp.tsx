/** A neighbour's state as a shape and a word: a full lamp, a broken one, an empty one, a dot. */
import type { OnlineState } from "../../nara/view.ts";
import { onlineMeaning, onlineWord } from "../words.ts";

export const Lamp = (props: { readonly online: OnlineState }) => (
  <span class="lamp" data-online={props.online} title={onlineMeaning(props.online)}>
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="4.200" />
    </svg>
    {onlineWord(props.online)}
  </span>
);
