/**
 * A list of any length of which only the rows in sight exist. Rows are all `--row` high
 * (attic.css), so that where each stands is known without measuring any.
 */
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { shownRows, visibleRows } from "./visible-rows.ts";

interface VirtualListProps {
  readonly label: string;
  readonly total: number;
  /** Whose change scrolls back to the top. */
  readonly topic: unknown;
  /** Rows down to this one will be seen next. */
  readonly onReach: (last: number) => void;
  readonly children: (index: number) => JSX.Element;
}

export const VirtualList = (props: VirtualListProps) => {
  let scroller!: HTMLElement;
  let gauge!: HTMLDivElement;
  const [topPx, setTopPx] = createSignal(0);
  const [heightPx, setHeightPx] = createSignal(0);
  const [rowPx, setRowPx] = createSignal(0);
  const [held, setHeld] = createSignal(-1);

  onMount(() => {
    const measure = (): void => {
      setHeightPx(scroller.clientHeight);
      setRowPx(gauge.getBoundingClientRect().height);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    observer.observe(gauge);
    measure();
    onCleanup(() => observer.disconnect());
  });

  const rows = createMemo(() =>
    visibleRows({
      topPx: topPx(),
      heightPx: heightPx(),
      rowPx: rowPx(),
      total: props.total,
      held: held(),
    }),
  );
  const shown = (): number => shownRows(props.total, rowPx());
  createEffect(() => {
    const last = Math.ceil((topPx() + heightPx()) / Math.max(1, rowPx()));
    props.onReach(last);
  });
  createEffect(
    on(
      () => props.topic,
      () => {
        scroller.scrollTop = 0;
        setTopPx(0);
      },
      { defer: true },
    ),
  );

  const rowOf = (target: EventTarget | null): number => {
    const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
    return row === null ? -1 : Number(row.dataset.row);
  };

  return (
    <section
      class="lane"
      aria-label={props.label}
      tabindex="0"
      ref={scroller}
      onScroll={() => setTopPx(scroller.scrollTop)}
      onFocusIn={({ target }) => setHeld(rowOf(target))}
      onFocusOut={() => setHeld(-1)}
    >
      <div class="lane-gauge" aria-hidden="true" ref={gauge} />
      <ul class="lane-rows" style={{ height: `${shown() * rowPx()}px` }}>
        <For each={rows()}>
          {(index) => (
            <li
              class="lane-row"
              data-row={index}
              aria-posinset={index + 1}
              aria-setsize={props.total}
              style={{ transform: `translateY(${index * rowPx()}px)` }}
            >
              {props.children(index)}
            </li>
          )}
        </For>
      </ul>
      <Show when={shown() < props.total}>
        <p class="soft">
          there is more, further back than a list can reach: choose a kind or a name.
        </p>
      </Show>
    </section>
  );
};
