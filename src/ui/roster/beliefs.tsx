/** "why do I think so?": each belief about a neighbour, and the events behind it. */
import { createResource, For, Show } from "solid-js";
import type { BeliefView, EvidenceView, NeighbourView } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import {
  amountWord,
  beliefWord,
  shareMeaning,
  shareWord,
  shownWord,
  witnessWord,
} from "../memory-words.ts";
import { ago } from "../words.ts";
import "./beliefs.css";

export const Beliefs = (props: { readonly neighbour: NeighbourView }) => {
  const { client } = useHouse();
  /** Asked anew only when something that is believed has changed. */
  const subject = () => {
    const { name, online, restarts, startedAtMs, lastRestartAtMs } = props.neighbour;
    return JSON.stringify([name, online, restarts, startedAtMs, lastRestartAtMs]);
  };
  const [answer] = createResource(subject, () =>
    client.command({ type: "why", name: props.neighbour.name }),
  );
  const beliefs = (): readonly BeliefView[] => {
    const result = answer.latest;
    return result?.ok === true && result.type === "beliefs" ? result.beliefs : [];
  };
  const trouble = (): string | undefined => {
    const result = answer.latest;
    return result?.ok === false ? result.why : undefined;
  };
  return (
    <section class="beliefs" aria-labelledby="beliefs-title">
      <h3 id="beliefs-title">what I believe of it</h3>
      <Show when={trouble()}>{(why) => <p class="help trouble">{why()}</p>}</Show>
      <For each={beliefs()}>
        {(belief) => <Belief belief={belief} neighbour={props.neighbour} />}
      </For>
    </section>
  );
};

interface BeliefProps {
  readonly belief: BeliefView;
  readonly neighbour: NeighbourView;
}

const Belief = (props: BeliefProps) => {
  const { now } = useHouse();
  const amount = (): string => amountWord(props.belief, now());
  const shown = (): string => shownWord(props.belief.belief, props.neighbour, now()) ?? amount();
  const left = (): number => props.belief.total - props.belief.evidence.length;
  return (
    <details class="belief" data-belief={props.belief.belief}>
      <summary>
        <span class="belief-name">{beliefWord(props.belief.belief)}</span>
        <strong>{shown()}</strong>
        <span class="belief-why">
          why<span class="rest"> do I think so</span>?
        </span>
      </summary>
      <Show
        when={props.belief.evidence.length > 0}
        fallback={
          <p class="soft">
            no event that I remember tells. what I think I was told in passing, in a newspaper or a
            howdy, or have simply forgotten where from.
          </p>
        }
      >
        <Show when={shown() !== amount()}>
          <p class="soft">
            these events amount to <strong>{amount()}</strong>. newspapers and howdys count too, and
            leave no event behind.
          </p>
        </Show>
        <ul class="evidence" aria-label="evidence" tabindex="0">
          <For each={props.belief.evidence}>
            {(one) => <Evidence one={one} belief={props.belief.belief} />}
          </For>
        </ul>
        <Show when={left() > 0}>
          <p class="soft">and {left()} older ones.</p>
        </Show>
      </Show>
    </details>
  );
};

const Evidence = (props: { readonly one: EvidenceView; readonly belief: BeliefView["belief"] }) => {
  const { now } = useHouse();
  const one = props.one;
  return (
    <li data-share={one.share}>
      <span class="entry-icon" aria-hidden="true">
        {one.icon}
      </span>
      <div>
        <p class="witness">
          <bdi>{witnessWord(props.belief, one, now())}</bdi>
          <span class="badge share" title={shareMeaning(one.share)}>
            {shareWord(one.share)}
          </span>
        </p>
        <p class="soft">
          <bdi>{one.text}</bdi>, {ago(now(), one.atMs)}
          {one.signed ? ", ✓ signed" : ", hearsay"}
        </p>
      </div>
    </li>
  );
};
