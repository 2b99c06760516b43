/** What may be written on a postcard of ours. */

/**
 * Characters (code points) of a message. The reference knows no bound; ours fits the front of a
 * card, and the plaza's news of it one message (limits.ts, `maxStringBytes`).
 */
export const maxMessageCharacters = 280;

/** In words for whoever writes; undefined when it will do. @param message without outer blanks. */
export function whyNotWritten(message: string): string | undefined {
  if (message === "") return "An empty postcard tells nobody anything.";
  const over = [...message].length - maxMessageCharacters;
  if (over <= 0) return undefined;
  return `A postcard holds ${maxMessageCharacters} characters; this is ${over} too many.`;
}
