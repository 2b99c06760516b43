/** Something to choose, and what it means: one of a group, or by itself yes or no. */
import type { JSX } from "solid-js";

interface ChoiceProps {
  /** Of those with one name only one is chosen. */
  readonly group?: string;
  readonly chosen: boolean;
  readonly onChoose: (chosen: boolean) => void;
  readonly children: JSX.Element;
}

export const Choice = (props: ChoiceProps) => (
  <label class="choice">
    <input
      type={props.group === undefined ? "checkbox" : "radio"}
      name={props.group}
      checked={props.chosen}
      onChange={({ currentTarget }) => props.onChoose(currentTarget.checked)}
    />
    <span>{props.children}</span>
  </label>
);
