/** Who signed a checkpoint; nothing that does not verify is ever kept. */
import { For, Show } from "solid-js";
import type { VoterView } from "../../nara/view.ts";
import { useHouse } from "../house.ts";
import { fingerprint } from "../words.ts";

export const Signers = (props: { readonly voters: readonly VoterView[] }) => {
  const { client } = useHouse();
  return (
    <ul class="voters" aria-label="signers">
      <For each={props.voters}>
        {(voter) => (
          <li data-verdict="same" data-voter={voter.id}>
            <span class="mark" aria-hidden="true">
              ✓
            </span>
            <Show when={voter.name !== ""} fallback={<span>somebody I no longer know</span>}>
              <bdi>{voter.name}</bdi>
            </Show>
            <span class="soft">
              {voter.isSubject ? "said so itself" : "verified"}
              <Show when={voter.name === client.living.me.name}> (you)</Show>
            </span>
            <code>{fingerprint(voter.id)}</code>
          </li>
        )}
      </For>
    </ul>
  );
};
