/** Checkpoints about one nara: the vote under way, and the chain of what was agreed on. */
import { createResource, For, Show } from "solid-js";
import type { AnswerView, CheckpointView } from "../../nara/view.ts";
import { Dialog } from "../dialog.tsx";
import { useHouse } from "../house.ts";
import { ago } from "../words.ts";
import { Ballot } from "./ballot.tsx";
import { answerLine, figuresLine, followsLine, momentOf, signersLine } from "./checkpoint-words.ts";
import "./checkpoints.css";
import { Signers } from "./signers.tsx";

interface CheckpointsProps {
  /** Mine, or a neighbour's. */
  readonly name: string;
  readonly onClose: () => void;
}

export const Checkpoints = (props: CheckpointsProps) => {
  const { client, now } = useHouse();
  const isMine = (): boolean => props.name === client.living.me.name;
  /** Asked anew whenever one more checkpoint is remembered. */
  const subject = () => {
    const held = client.living.memory.kinds.find(({ kind }) => kind === "checkpoint")?.held ?? 0;
    return JSON.stringify([props.name, held, client.living.checkpoints.ballot?.outcome]);
  };
  const [answer] = createResource(subject, () =>
    client.command({ type: "checkpoints", name: props.name }),
  );
  const chain = (): readonly CheckpointView[] => {
    const result = answer.latest;
    return result?.ok === true && result.type === "checkpoints" ? result.chain : [];
  };
  const trouble = (): string | undefined => {
    const result = answer.latest;
    return result?.ok === false ? result.why : undefined;
  };
  const answers = (): readonly AnswerView[] =>
    client.living.checkpoints.answers.filter(({ subject: about }) => about === props.name);

  return (
    <Dialog
      id="checkpoints"
      class="checkpoints"
      title={
        <>
          checkpoints of <bdi>{props.name}</bdi>
        </>
      }
      onClose={props.onClose}
    >
      <p class="story-line">
        now and then naras agree on how one of them has lived, and sign it. what is signed need not
        be counted from the beginning again.
      </p>
      <Show when={isMine()}>
        <Ballot />
      </Show>
      <Show when={answers().length > 0}>
        <section aria-labelledby="answers-title">
          <h3 id="answers-title">how you voted</h3>
          <ul class="answers">
            <For each={answers()}>{(given) => <li>{answerLine(given, now())}.</li>}</For>
          </ul>
        </section>
      </Show>
      <section aria-labelledby="chain-title">
        <h3 id="chain-title">
          the chain <span class="count">{chain().length}</span>
        </h3>
        <Show when={trouble()}>{(why) => <p class="help trouble">{why()}</p>}</Show>
        <Show
          when={chain().length > 0}
          fallback={
            <p class="empty">
              <span aria-hidden="true">📸</span>
              nobody has agreed on anything about {isMine() ? "you" : "it"} yet, as far as anybody
              here remembers.
            </p>
          }
        >
          <ol class="chain" aria-label="checkpoints, latest first">
            <For each={chain()}>
              {(checkpoint) => (
                <li class="bead">
                  <p class="bead-when">
                    <time datetime={new Date(checkpoint.asOfMs).toISOString()}>
                      {momentOf(checkpoint.asOfMs)}
                    </time>
                    <span class="soft">{ago(now(), checkpoint.asOfMs)}</span>
                  </p>
                  <p>{figuresLine(checkpoint.figures)}.</p>
                  <details>
                    <summary>{signersLine(checkpoint)}</summary>
                    <Signers voters={checkpoint.voters} />
                  </details>
                  <p class="help">{followsLine(checkpoint, chain())}.</p>
                </li>
              )}
            </For>
          </ol>
        </Show>
      </section>
    </Dialog>
  );
};
