/**
 * The stash as the reference's editor sees it, for the owner alone (docs/protocol/ui-and-api.md §b).
 * A note that is no JSON object is shown as `{"note": …}`.
 */
import { goString } from "../codec/go-json.ts";
import { decodeGo, decodeGoStream, encodeGo, map, raw } from "../codec/go-types.ts";
import { fromUtf8 } from "../codec/utf8.ts";
import { jsonText, textAnswer } from "../mesh/answers.ts";
import type { MeshResponse } from "../mesh/http.ts";
import type { Stash } from "../services/stash/stash.ts";
import type { Note } from "../services/stash/vault.ts";
import type { WebApiParts, WebQuestion } from "./parts.ts";
import { listOf, mapOf } from "./printed.ts";

/** What the web API reads of a stash, and the one thing it writes. */
export type StashOfWebApi = Pick<Stash, "note" | "view" | "write">;

const anyObject = map(raw);

export function stashAnswers(
  parts: Pick<WebApiParts, "neighbour"> & { readonly stash: StashOfWebApi },
) {
  const { stash } = parts;

  const confidants = (): string =>
    listOf(
      stash.view().confidants.map(({ name }) => {
        const { status, observation } = parts.neighbour(name) ?? {};
        return mapOf({
          id: goString(status?.id ?? ""),
          name: goString(name),
          status: goString("confirmed"),
          memory_mode: goString(status?.memoryMode ?? ""),
          online: String(observation?.online === "ONLINE"),
        });
      }),
    );

  return {
    status(): MeshResponse {
      const note = stash.note();
      const { wanted, keeping } = stash.view();
      return jsonText(
        mapOf({
          has_stash: String(note !== undefined),
          my_stash: note === undefined ? "null" : shown(note),
          confidants: confidants(),
          target_count: String(wanted),
          metrics: mapOf({
            stashes_stored: String(keeping.owners),
            total_bytes: String(keeping.bytes),
            storage_limit: String(keeping.room),
          }),
        }),
      );
    },

    confidants: (): MeshResponse => jsonText(mapOf({ confidants: confidants() })),

    async update({ body }: WebQuestion): Promise<MeshResponse> {
      const read = decodeGoStream(raw, fromUtf8(body));
      if (!read.ok || read.value === "") return textAnswer(400, "Invalid JSON");
      const written = await stash.write(read.value);
      const message = written.ok
        ? "Stash updated and distributed to confidants"
        : `Failed to distribute stash: ${written.refusal}`;
      return jsonText(mapOf({ success: String(written.ok), message: goString(message) }));
    },

    /** It goes on by itself from waking. */
    recover: (): MeshResponse =>
      jsonText(
        mapOf({
          success: "true",
          message: goString("Stash recovery initiated from confidants"),
        }),
      ),
  };
}

function shown({ text, savedAtMs }: Note): string {
  const read = decodeGo(anyObject, text);
  const isObject = read.ok && read.value !== null;
  return mapOf({
    timestamp: String(Math.floor(savedAtMs / 1000)),
    data: isObject ? encodeGo(anyObject, read.value) : mapOf({ note: goString(text) }),
  });
}
