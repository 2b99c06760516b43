/** A small friendly jab, by the person's own hand. */
import { Show } from "solid-js";
import { useHouse } from "../house.ts";
import { teasedLine } from "../mesh-words.ts";
import { Answer, createAnswer } from "../settings/answer.tsx";

export const Tease = (props: { readonly name: string }) => {
  const { client } = useHouse();
  const answer = createAnswer();
  const tease = async (): Promise<void> => {
    const { name } = props;
    const result = await answer.ask(client.command({ type: "tease", name }));
    if (result.ok && result.type === "teased") answer.say(teasedLine(result, name));
  };
  return (
    <>
      <button type="button" disabled={answer.busy()} onClick={tease}>
        tease <bdi>{props.name}</bdi>
      </button>
      <Show when={answer.text() !== ""}>
        <Answer answer={answer} />
      </Show>
    </>
  );
};
