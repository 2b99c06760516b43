/** What the nara answered to a command, said where it was asked. */
import { createSignal } from "solid-js";
import type { CommandResult } from "../../worker/protocol.ts";

export interface Answering {
  readonly busy: () => boolean;
  readonly text: () => string;
  readonly refused: () => boolean;
  /** Waits for the answer and says a refusal by itself. */
  ask(answer: Promise<CommandResult>): Promise<CommandResult>;
  say(text: string): void;
}

export const createAnswer = (): Answering => {
  const [busy, setBusy] = createSignal(false);
  const [text, setText] = createSignal("");
  const [refused, setRefused] = createSignal(false);
  return {
    busy,
    text,
    refused,
    async ask(answer) {
      setBusy(true);
      setText("");
      setRefused(false);
      const result = await answer;
      setBusy(false);
      if (!result.ok) {
        setRefused(true);
        setText(result.why);
      }
      return result;
    },
    say(said) {
      setRefused(false);
      setText(said);
    },
  };
};

export const Answer = (props: { readonly answer: Answering }) => (
  <p class="answer" classList={{ trouble: props.answer.refused() }} role="status">
    {props.answer.text()}
  </p>
);
