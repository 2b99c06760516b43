/**
 * Two ends of a connection inside this process. What waits on one side arrives at the other in one
 * piece: a reader that handles each piece at once then never nests calls for each of them.
 */
import { Duplex } from "node:stream";

export function createStreamPair(): readonly [Duplex, Duplex] {
  const left: Duplex = createEnd(() => right);
  const right: Duplex = createEnd(() => left);
  return [left, right];
}

/** Tells the other end that the reader has room again. */
type Resume = () => void;
const resumes = Symbol("resumes");
type End = Duplex & { [resumes]?: Resume | undefined };

function createEnd(other: () => Duplex): Duplex {
  const hand = (chunk: Buffer, done: () => void): void => {
    const reader: End = other();
    if (reader.destroyed || reader.push(chunk)) done();
    else reader[resumes] = done;
  };
  return new Duplex({
    read(this: End) {
      const resume = this[resumes];
      this[resumes] = undefined;
      resume?.();
    },
    write: (chunk: Buffer, _encoding, done) => hand(chunk, done),
    writev: (chunks, done) => hand(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final: (done) => {
      other().push(null);
      done();
    },
    destroy(this: End, error, done) {
      const reader = other();
      if (!reader.destroyed) {
        setImmediate(() => {
          if (!reader.readableEnded && !reader.destroyed) reader.push(null);
          reader.end();
        });
      }
      this[resumes]?.();
      done(error);
    },
  });
}
