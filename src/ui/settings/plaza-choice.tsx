/** Which plaza to stand on: the one this page came from, or any broker that speaks WebSocket. */
import { createSignal, Show } from "solid-js";
import { Beacon } from "../home/bar.tsx";
import { useHouse } from "../house.ts";
import { offlineLine, plazaTrouble, span } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { Choice } from "./choice.tsx";
import { FieldHelp } from "./field-help.tsx";

export const PlazaChoice = () => {
  const { client, now } = useHouse();
  const [own, setOwn] = createSignal(client.living.plazaUrl === "");
  const [url, setUrl] = createSignal(client.living.plazaUrl);
  const [asked, setAsked] = createSignal(false);
  const answer = createAnswer();
  const chosen = (): string => (own() ? "" : url().trim());
  const trouble = (): string | undefined => {
    if (!asked() || own()) return undefined;
    return chosen() === "" ? "which one?" : plazaTrouble(chosen());
  };
  const state = (): string => {
    const { plaza } = client.living;
    if (plaza.state === "open") return `standing on it for ${span(now() - plaza.sinceMs)}`;
    if (plaza.state === "connecting") return "on the way there…";
    return `${plaza.reason}, ${offlineLine(now(), plaza)}`;
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (trouble() !== undefined) return;
    const result = await answer.ask(client.command({ type: "set-plaza", url: chosen() }));
    if (result.ok) answer.say("off to that plaza.");
  };

  return (
    <form onSubmit={submit} novalidate>
      <p>
        the <strong>plaza</strong> is where naras shout to each other. everybody there hears
        everything.
      </p>
      <p class="plaza-now" data-plaza={client.living.plaza.state}>
        <Beacon state={client.living.plaza.state} />
        <span>
          <code>{client.living.plaza.address}</code>
          <br />
          {state()}
        </span>
      </p>
      <fieldset>
        <legend>go to</legend>
        <Choice group="plaza" chosen={own()} onChoose={() => setOwn(true)}>
          the plaza of this very page
        </Choice>
        <Choice group="plaza" chosen={!own()} onChoose={() => setOwn(false)}>
          another one
        </Choice>
      </fieldset>
      <Show when={!own()}>
        <label for="plaza-url">its address</label>
        <input
          id="plaza-url"
          value={url()}
          type="url"
          maxlength="2000"
          placeholder="wss://plaza.example:9001/mqtt"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={trouble() !== undefined}
          aria-describedby="plaza-help"
          onInput={({ currentTarget }) => setUrl(currentTarget.value)}
        />
        <FieldHelp
          id="plaza-help"
          trouble={trouble()}
          wanted="an MQTT broker over WebSocket, beginning with wss:// or ws://"
        />
      </Show>
      <Show when={chosen() !== client.living.plazaUrl}>
        <p class="help">its soul goes along. what it remembers stays behind.</p>
      </Show>
      <button type="submit" class="primary" disabled={answer.busy()}>
        walk there
      </button>
      <Answer answer={answer} />
    </form>
  );
};
