/**
 * Sealing, so that the stash sees plaintext and ciphertext and never a key. The key follows from the
 * soul; the sealed words name their owner's id besides, so that another nara of the same seed cannot
 * take them for its own. (docs/protocol/identity.md §1; seed sample-service-stash §5, §8)
 */
import { decodeGo, encodeGo, omitEmpty, safeInt, struct, text } from "../../codec/go-types.ts";
import { plazaLimits } from "../../codec/json-reader.ts";
import { fromUtf8, utf8 } from "../../codec/utf8.ts";
import { nonceLength, open, seal, symmetricKey } from "../../identity/seal.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Random } from "../../ports.ts";

export interface Sealed {
  /** 24 bytes. */
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export interface Vault {
  seal(plaintext: Uint8Array): Sealed;
  /** Refuses in the reference's words. */
  open(sealed: Sealed): Outcome<Uint8Array>;
}

/** @param seed of the soul. */
export function createVault(seed: Uint8Array, random: Pick<Random, "bytes">): Vault {
  const key = symmetricKey(seed);
  return {
    seal(plaintext) {
      const nonce = random.bytes(nonceLength);
      return { nonce, ciphertext: seal(key, nonce, plaintext) };
    },
    open: ({ nonce, ciphertext }) => open(key, nonce, ciphertext),
  };
}

/** What only friends keep for me. */
export interface Note {
  readonly text: string;
  /** When I wrote it, by my clock. Of two notes the later one counts. */
  readonly savedAtMs: number;
}

const wire = struct({ owner_id: text, saved_at_ms: safeInt, note: text, test: omitEmpty(text) });

export const notePlaintext = (note: Note, ownerId: string): Uint8Array =>
  utf8(
    encodeGo(wire, { owner_id: ownerId, saved_at_ms: note.savedAtMs, note: note.text, test: "" }),
  );

/**
 * A probe, by which the reference tries out who would keep something, is none; whatever else the
 * reference keeps is JSON of any shape, and reads as the note it is.
 *
 * @param storedAtS when the confidant took it: all that is known of the age of what others wrote.
 */
export function readNote(
  plaintext: Uint8Array,
  ownerId: string,
  storedAtS: number,
): Outcome<Note, "probe" | "another's"> {
  const source = fromUtf8(plaintext);
  const read = decodeGo(wire, source, { ...plazaLimits, stringBytes: plazaLimits.size });
  if (!read.ok || (read.value.owner_id === "" && read.value.test !== "probe")) {
    return accept({ text: source, savedAtMs: Math.max(0, storedAtS) * 1000 });
  }
  const { owner_id, saved_at_ms: savedAtMs, note, test } = read.value;
  if (owner_id === "" && test === "probe") return refuse("probe");
  return owner_id === ownerId ? accept({ text: note, savedAtMs }) : refuse("another's");
}
