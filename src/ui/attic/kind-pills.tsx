/** One pill for each kind of memory, with how many there are; none pressed means all. */
import { For } from "solid-js";
import { useHouse } from "../house.ts";
import { kinds, kindWord } from "../memory-words.ts";
import { counted } from "../words.ts";

interface KindPillsProps {
  readonly chosen: readonly string[];
  readonly onChoose: (kinds: readonly string[]) => void;
}

export const KindPills = (props: KindPillsProps) => {
  const { client } = useHouse();
  const held = (kind: string): number =>
    client.living.memory.kinds.find((one) => one.kind === kind)?.held ?? 0;
  const toggle = (kind: string): void =>
    props.onChoose(
      props.chosen.includes(kind)
        ? props.chosen.filter((one) => one !== kind)
        : [...props.chosen, kind],
    );
  return (
    <fieldset class="pills">
      <legend class="hidden">kinds of memories</legend>
      <button
        type="button"
        aria-pressed={props.chosen.length === 0}
        onClick={() => props.onChoose([])}
      >
        everything
      </button>
      <For each={kinds}>
        {(kind) => (
          <button
            type="button"
            aria-pressed={props.chosen.includes(kind)}
            onClick={() => toggle(kind)}
          >
            {kindWord(kind)} <span class="count">{counted(held(kind))}</span>
          </button>
        )}
      </For>
    </fieldset>
  );
};
