/** A question from one nara to another at the same relay: from tunnel to tunnel, in process. */
import type { CancelReason, RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import { carriedFields } from "./fields.ts";
import type { Way } from "./question.ts";

/**
 * Passes a question on and its answer back, each as fast as the slower side takes it.
 *
 * @param asker the exchange that the asking nara opened.
 * @param onAnswered the answer was complete.
 */
export function passOn(
  head: RequestHead,
  asker: Exchange,
  way: Way,
  onAnswered: () => void,
): ExchangeListener {
  const question = { ...head, fields: carriedFields(head.fields) };
  /** Bytes that the other side has no room for yet. */
  const waiting = { question: 0, answer: 0 };
  const asked = way.open(question, {
    onHead: (answer) => {
      if (!asker.respond({ ...answer, fields: carriedFields(answer.fields) })) {
        asker.cancel("failed");
        asked?.cancel("failed");
      }
    },
    onBody: (bytes) => {
      if (asker.write(bytes)) asked?.consumed(bytes.length);
      else waiting.answer += bytes.length;
    },
    onEnd: () => {
      asker.end();
      onAnswered();
    },
    onRoom: () => {
      asker.consumed(waiting.question);
      waiting.question = 0;
    },
    onCancel: (reason: CancelReason) => asker.cancel(reason),
  });
  if (asked === undefined) asker.cancel("unreachable");
  return {
    onBody: (bytes) => {
      if (asked?.write(bytes) === true) asker.consumed(bytes.length);
      else waiting.question += bytes.length;
    },
    onEnd: () => asked?.end(),
    onRoom: () => {
      asked?.consumed(waiting.answer);
      waiting.answer = 0;
    },
    onCancel: (reason) => asked?.cancel(reason),
  };
}
