/** A nara's creature on a canvas. Always decoration: its name stands beside it or on its button. */
import { createEffect, onCleanup, onMount } from "solid-js";
import { useHouse } from "../house.ts";
import type { AvatarLooks, Seat } from "./stage.ts";

interface AvatarProps {
  readonly looks: AvatarLooks;
  /** CSS pixels. */
  readonly size: number;
  readonly asleep?: boolean;
  /** Repainted whole each frame: for the one large creature of a view. */
  readonly live?: boolean;
  /** Where the pointer is noticed; the canvas itself by default. */
  readonly zone?: () => Element | undefined;
  readonly onSeat?: (seat: Seat) => void;
}

export const Avatar = (props: AvatarProps) => {
  const { stage } = useHouse();
  let canvas!: HTMLCanvasElement;
  onMount(() => {
    const seat = stage.seat(canvas, {
      size: props.size,
      live: props.live ?? false,
      zone: props.zone?.() ?? canvas,
    });
    props.onSeat?.(seat);
    createEffect(() => seat.dress(props.looks, props.asleep ?? false));
    onCleanup(() => seat.leave());
  });
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without tabindex takes no focus
  return <canvas class="avatar" aria-hidden="true" ref={canvas} />;
};
