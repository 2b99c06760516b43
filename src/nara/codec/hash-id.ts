/** Ids made of a text: of events, and of messages that carry none (docs/protocol/events-and-ledger.md §3). */
import { sha256Hex } from "#sha256";

/** The first 16 bytes of a text's SHA-256, as 32 lower-case hex digits. */
export const hashId = (text: string): string => sha256Hex(text).slice(0, 32);
