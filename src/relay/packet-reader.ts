/** Cuts a stream of bytes into whole MQTT control packets (MQTT 3.1.1 §2.2) within a bound. */
import { accept, type Outcome, refuse } from "../nara/outcome.ts";

export interface PacketReader {
  push(chunk: Buffer): void;
  /** Of the next packet: its type and flags. */
  firstByte(): number | undefined;
  /**
   * The next whole packet, or undefined until more bytes come. Refuses one longer than `maxBytes`
   * as soon as its length is known.
   */
  next(maxBytes: number): Outcome<Buffer | undefined>;
}

export function createPacketReader(): PacketReader {
  let chunks: Buffer[] = [];
  let held = 0;

  const byteAt = (index: number): number | undefined => {
    let offset = index;
    for (const chunk of chunks) {
      if (offset < chunk.length) return chunk[offset];
      offset -= chunk.length;
    }
    return undefined;
  };

  /** §2.2.3: up to four bytes, seven bits each, least significant first. */
  const packetBytes = (): Outcome<number | undefined> => {
    let remaining = 0;
    for (let index = 1; index <= 4; index += 1) {
      const byte = byteAt(index);
      if (byte === undefined) return accept(undefined);
      remaining += (byte & 0x7f) * 128 ** (index - 1);
      if (byte < 0x80) return accept(1 + index + remaining);
    }
    return refuse("what came is not MQTT");
  };

  return {
    firstByte: () => byteAt(0),
    push: (chunk) => {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      held += chunk.length;
    },
    next: (maxBytes) => {
      const length = packetBytes();
      if (!length.ok) return length;
      if (length.value === undefined) return accept(undefined);
      if (length.value > maxBytes) {
        return refuse(`a packet of ${length.value} bytes; ${maxBytes} are allowed`);
      }
      if (held < length.value) return accept(undefined);
      const all =
        chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
      const rest = all.subarray(length.value);
      chunks = rest.length === 0 ? [] : [rest];
      held = rest.length;
      return accept(all.subarray(0, length.value));
    },
  };
}

/** Bytes of a packet's fixed header; the packet must be whole. */
export function headerBytes(packet: Buffer): number {
  let index = 1;
  while (((packet[index] ?? 0) & 0x80) !== 0) index += 1;
  return index + 1;
}
