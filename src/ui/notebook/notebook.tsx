/** A private notebook: one note, which only friends keep, sealed; and who they are. */
import { createEffect, createSignal, For, on, Show } from "solid-js";
import { longestNoteBytes } from "../../worker/protocol.ts";
import { Dialog } from "../dialog.tsx";
import { useHouse } from "../house.ts";
import { Answer, createAnswer } from "../settings/answer.tsx";
import { ago } from "../words.ts";
import { keepingLine, safetyLine, tooManyBytes } from "./notebook-words.ts";
import "./notebook.css";

export const Notebook = (props: { readonly onClose: () => void }) => {
  const { client, now } = useHouse();
  const stash = client.living.stash;
  const [draft, setDraft] = createSignal("");
  const [kept, setKept] = createSignal("");
  const [earlier, setEarlier] = createSignal<string | undefined>();
  const answer = createAnswer();
  const isChanged = (): boolean => draft() !== kept();
  const excess = (): number => tooManyBytes(draft(), longestNoteBytes);

  const read = async (): Promise<void> => {
    const result = await client.command({ type: "read-note" });
    if (!result.ok || result.type !== "note") return;
    const text = result.note?.text ?? "";
    if (!isChanged()) setDraft(text);
    setKept(text);
    setEarlier(result.earlier?.text);
  };
  createEffect(on([() => stash.savedAtMs, () => stash.hasEarlier], () => void read()));

  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (answer.busy() || excess() > 0) return;
    const text = draft();
    const result = await answer.ask(client.command({ type: "write-note", text }));
    if (result.ok) answer.say("saved.");
  };

  return (
    <Dialog id="notebook" class="notebook" title="notebook" onClose={props.onClose}>
      <p class="story-line">
        what only your friends keep for you. it is sealed with your soul before it leaves: they hold
        it and cannot read it. nothing of it is stored in this browser, so with your soul you get it
        back anywhere.
      </p>
      <form class="page" onSubmit={save}>
        <label for="note-text">your note</label>
        <textarea
          id="note-text"
          rows="8"
          value={draft()}
          aria-describedby="note-safety"
          onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        />
        <div class="page-foot">
          <p id="note-safety" class="help" aria-live="polite">
            <Show when={excess() === 0} fallback={`${excess()} bytes too many.`}>
              <Show when={isChanged()} fallback={safetyLine(stash)}>
                not saved yet.
              </Show>
            </Show>
          </p>
          <button type="submit" class="primary" disabled={answer.busy() || excess() > 0}>
            {answer.busy() ? "asking friends…" : "leave it with friends"}
          </button>
        </div>
        <Answer answer={answer} />
      </form>
      <Show when={earlier()}>
        {(text) => (
          <section class="earlier" aria-labelledby="earlier-title">
            <h3 id="earlier-title">an earlier note came back</h3>
            <p class="earlier-text">{text()}</p>
            <button type="button" class="quiet" onClick={() => setDraft(text())}>
              take it up again
            </button>
          </section>
        )}
      </Show>
      <section aria-labelledby="confidants-title">
        <h3 id="confidants-title">
          who keeps it{" "}
          <span class="count">
            {stash.confidants.length} of {stash.wanted}
          </span>
        </h3>
        <Show when={stash.confidants.length > 0} fallback={<p class="help">nobody yet.</p>}>
          <ul class="confidants" aria-label="friends who keep the note">
            <For each={stash.confidants}>
              {(friend) => (
                <li class="chip">
                  <bdi>{friend.name}</bdi>
                  <span class="soft"> confirmed {ago(now(), friend.keptAtMs)}</span>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <p class="help keeping">{keepingLine(stash.keeping)}</p>
      </section>
    </Dialog>
  );
};
