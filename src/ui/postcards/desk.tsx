/** Where a postcard is written: its front, with my own stamp on it already. */
import { createSignal, Show } from "solid-js";
import { longestPostcard } from "../../worker/protocol.ts";
import { Avatar } from "../avatar/Avatar.tsx";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "../settings/answer.tsx";
import { lengthOf, messageTrouble } from "./journey-words.ts";

export const Desk = () => {
  const { client } = useHouse();
  const [message, setMessage] = createSignal("");
  const [asked, setAsked] = createSignal(false);
  const answer = createAnswer();
  const isTooLong = (): boolean => lengthOf(message()) > longestPostcard;
  const trouble = (): string | undefined =>
    asked() || isTooLong() ? messageTrouble(message()) : undefined;

  const advice = (): string =>
    client.living.mesh.address === ""
      ? "nobody can call you just now, so no postcard could come home. write on; it may change."
      : "everybody who carries it reads it, signs it and stamps it.";

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (messageTrouble(message()) !== undefined || answer.busy()) return;
    const written = message();
    const result = await answer.ask(client.command({ type: "send-postcard", message: written }));
    if (!result.ok) return;
    if (message() === written) setMessage("");
    setAsked(false);
    answer.say("off it goes.");
  };

  return (
    <form class="desk" onSubmit={submit} novalidate>
      <div class="postcard">
        <div class="desk-words">
          <label for="postcard-message">what shall the village hear?</label>
          <textarea
            id="postcard-message"
            rows="4"
            value={message()}
            placeholder="greetings from…"
            aria-invalid={trouble() !== undefined}
            aria-describedby="postcard-help"
            onInput={({ currentTarget }) => setMessage(currentTarget.value)}
          />
        </div>
        <span class="card-stamp">
          <Avatar looks={client.living.me} size={88} />
        </span>
        <p class="desk-address">
          <span>once round the village</span>
          <span>and back to</span>
          <bdi>{client.living.me.name}</bdi>
        </p>
      </div>
      <div class="desk-foot">
        <p
          id="postcard-help"
          class="help"
          classList={{ trouble: trouble() !== undefined }}
          aria-live="polite"
        >
          <Show when={trouble()} fallback={advice()}>
            {trouble()}
          </Show>
        </p>
        <span class="desk-count" classList={{ over: isTooLong() }}>
          {lengthOf(message())}
          <span class="hidden"> of </span>
          <span aria-hidden="true">/</span>
          {longestPostcard}
        </span>
        <button type="submit" class="primary" disabled={answer.busy()}>
          {answer.busy() ? "looking for a carrier…" : "send it round"}
        </button>
      </div>
      <Answer answer={answer} />
    </form>
  );
};
