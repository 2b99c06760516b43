/** The soul: shown when asked, copied, kept as a file; and another one brought in. */
import { createEffect, createSignal, on, Show } from "solid-js";
import { useHouse } from "../house.ts";
import { fingerprint } from "../words.ts";
import { Answer, createAnswer } from "./answer.tsx";
import { ImportSoul } from "./import-soul.tsx";
import { createSoulKeeping } from "./soul-keeping.ts";

export const Soul = () => {
  const { client } = useHouse();
  const [shown, setShown] = createSignal("");
  const [importing, setImporting] = createSignal(false);
  const answer = createAnswer();
  const keeping = createSoulKeeping(client, answer);

  // What was shown belongs to whoever lived here then.
  createEffect(
    on(
      () => client.living.me.id,
      () => setShown(""),
      { defer: true },
    ),
  );

  const reveal = async (): Promise<void> => {
    if (shown() !== "") setShown("");
    else setShown((await keeping.fetch())?.soul ?? "");
  };

  return (
    <>
      <p>
        all that <bdi>{client.living.me.name}</bdi> is grows out of its <strong>soul</strong>: key,
        shape, colours, temper. it is kept in this browser only. keep a copy somewhere safe, and
        show it to nobody: whoever holds it can <em>be</em> this nara.
      </p>
      <p class="soul-text" data-hidden={shown() === "" ? "" : undefined}>
        <Show when={shown()} fallback={<span>{"• ".repeat(27)}</span>}>
          <code>{shown()}</code>
        </Show>
      </p>
      <p class="buttons">
        <button type="button" class="primary" onClick={() => void keeping.download()}>
          save as a file
        </button>
        <button type="button" onClick={() => void keeping.copy()}>
          copy
        </button>
        <button type="button" aria-pressed={shown() !== ""} onClick={() => void reveal()}>
          {shown() === "" ? "show it" : "hide it"}
        </button>
      </p>
      <Answer answer={answer} />
      <dl class="facts">
        <div>
          <dt>key</dt>
          <dd>
            <code>{fingerprint(client.living.me.publicKey)}</code>
          </dd>
        </div>
        <div>
          <dt>id</dt>
          <dd>
            <code>{fingerprint(client.living.me.id)}</code>
          </dd>
        </div>
        <div>
          <dt>bond</dt>
          <dd>
            {client.living.me.bondValid
              ? `${client.living.me.gemstone} this name and this soul belong together`
              : "👤 the soul was born with another name"}
          </dd>
        </div>
      </dl>
      <hr />
      <Show
        when={importing()}
        fallback={
          <button type="button" onClick={() => setImporting(true)}>
            bring in another soul…
          </button>
        }
      >
        <ImportSoul residentName={client.living.me.name} onDone={() => setImporting(false)} />
      </Show>
    </>
  );
};
