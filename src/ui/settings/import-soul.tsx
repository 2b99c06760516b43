/** Another soul moves in: looked at first, then a plain warning, then a choice. */
import { createSignal, Show } from "solid-js";
import type { CommandResult } from "../../worker/protocol.ts";
import { useHouse } from "../house.ts";
import { fingerprint } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { largestSoulFileBytes, readSoulFile } from "./soul-file.ts";
import { createSoulKeeping } from "./soul-keeping.ts";

interface ImportSoulProps {
  /** Who would have to go; "" when nobody lives here. */
  readonly residentName: string;
  readonly onDone: () => void;
}

type Inspected = Extract<CommandResult, { type: "soul-inspected" }>;

export const ImportSoul = (props: ImportSoulProps) => {
  const { client } = useHouse();
  const [soul, setSoul] = createSignal("");
  const [name, setName] = createSignal("");
  const [found, setFound] = createSignal<Inspected | undefined>();
  const answer = createAnswer();
  const keeping = createSoulKeeping(client, answer);

  const edit = (change: () => void): void => {
    change();
    setFound(undefined);
  };
  const readFile = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > largestSoulFileBytes) {
      answer.say("that file is far too large to be a soul.");
      return;
    }
    const read = readSoulFile(file.name, await file.text());
    edit(() => {
      setSoul(read.soul);
      setName(read.name);
    });
  };
  const inspect = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (soul().trim() === "") {
      answer.say("paste a soul, or choose its file.");
      return;
    }
    const result = await answer.ask(
      client.command({ type: "inspect-soul", soul: soul().trim(), name: name().trim() }),
    );
    if (result.ok && result.type === "soul-inspected") setFound(result);
  };
  const moveIn = async (): Promise<void> => {
    const result = await answer.ask(
      client.command({ type: "import-soul", soul: soul().trim(), name: name().trim() }),
    );
    if (result.ok) props.onDone();
  };

  return (
    <form class="import" onSubmit={inspect} novalidate aria-label="bring in a soul">
      <label for="soul-file">from a file</label>
      <input
        id="soul-file"
        type="file"
        accept=".txt,text/plain"
        onChange={({ currentTarget }) => void readFile(currentTarget.files?.[0])}
      />
      <label for="soul-pasted">or paste it</label>
      <textarea
        id="soul-pasted"
        rows="2"
        maxlength={largestSoulFileBytes}
        autocomplete="off"
        spellcheck={false}
        value={soul()}
        onInput={({ currentTarget }) => edit(() => setSoul(currentTarget.value))}
      />
      <label for="soul-name">the name it goes by</label>
      <input
        id="soul-name"
        value={name()}
        maxlength="80"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby="soul-name-help"
        onInput={({ currentTarget }) => edit(() => setName(currentTarget.value))}
      />
      <p id="soul-name-help" class="help">
        leave it empty and it takes the name it was born with.
      </p>
      <p class="buttons">
        <button type="submit" class="primary" disabled={answer.busy()}>
          look whose soul it is
        </button>
        <Show when={props.residentName !== ""}>
          <button type="button" class="quiet" onClick={() => props.onDone()}>
            never mind
          </button>
        </Show>
      </p>
      <Answer answer={answer} />
      <Show when={found()}>
        {(seen) => (
          <section class="found" aria-label="the soul that was found">
            <p>
              this is{" "}
              <strong>
                <bdi>{seen().name}</bdi>
              </strong>{" "}
              <code>{fingerprint(seen().id)}</code>
              <br />
              {seen().bondValid
                ? "name and soul belong together."
                : "careful: this soul was born with another name. it would live with a broken bond, 👤."}
            </p>
            <Show
              when={!seen().same}
              fallback={<p>it is the one that lives here already. nothing to do.</p>}
            >
              <Show when={props.residentName !== ""}>
                <p class="notice">
                  <span class="notice-icon" aria-hidden="true">
                    ⚠
                  </span>
                  <span>
                    <strong>
                      <bdi>{props.residentName}</bdi> will be gone for good
                    </strong>{" "}
                    unless you saved its soul. there is no second copy anywhere.
                  </span>
                </p>
              </Show>
              <p class="buttons">
                <Show when={props.residentName !== ""}>
                  <button type="button" class="primary" onClick={() => void keeping.download()}>
                    first save <bdi>{props.residentName}</bdi>
                  </button>
                </Show>
                <button
                  type="button"
                  class="danger"
                  disabled={answer.busy()}
                  onClick={() => void moveIn()}
                >
                  let <bdi>{seen().name}</bdi> move in
                </button>
              </p>
            </Show>
          </section>
        )}
      </Show>
    </form>
  );
};
