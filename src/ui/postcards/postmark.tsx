/** One hop on a postcard: a round postmark in the ink of who stamped it. Decoration. */
import type { Aura, PostcardHop } from "../../nara/view.ts";
import { tokensFromAura } from "../theme/tokens.ts";
import { nameForMark, stampOf } from "./journey-words.ts";

interface PostmarkProps {
  readonly hop: PostcardHop;
  readonly at: number;
  /** Of the nara, where it is known here. */
  readonly aura: Aura | undefined;
  /** Unique on the page. */
  readonly id: string;
}

/** Degrees, and shares of the mark's size, that no two hands agree on. */
const tilts = [-14, 9, -5, 17, -19, 4, 12, -9];
const lifts = [0, 6, -5, 4, -6, 5, -3, 6];

export const Postmark = (props: PostmarkProps) => {
  const wear = (mark: HTMLElement): void => {
    mark.style.setProperty("--tilt", `${tilts[props.at % tilts.length]}deg`);
    mark.style.setProperty("--lift", `${lifts[props.at % lifts.length]}%`);
    if (props.aura === undefined || props.aura.primary === "") return;
    const { light, dark } = tokensFromAura(props.aura);
    mark.style.setProperty("--mark", `light-dark(${light["accent-text"]}, ${dark["accent-text"]})`);
  };
  const time = (): string =>
    new Date(props.hop.atMs).toLocaleTimeString("en", {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
  return (
    <span class="postmark" ref={wear}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r="48" />
        <circle cx="50" cy="50" r="29" />
        <path id={`${props.id}-over`} d="M14 50a36 36 0 0 1 72 0" class="mark-way" />
        <path id={`${props.id}-under`} d="M7 50a43 43 0 0 0 86 0" class="mark-way" />
        <text class="mark-name">
          <textPath href={`#${props.id}-over`} startOffset="50%">
            {nameForMark(props.hop.nara)}
          </textPath>
        </text>
        <text class="mark-time">
          <textPath href={`#${props.id}-under`} startOffset="50%">
            {time()}
          </textPath>
        </text>
        <text class="mark-stamp" x="50" y="50">
          {stampOf(props.hop)}
        </text>
      </svg>
    </span>
  );
};
