/**
 * What naras say when they tease. Only the reason travels; the words are our own
 * (docs/protocol/ui-and-api.md §b, Quips).
 */

/** Four per reason. `{}` stands for the one who is teased. */
const quips: Readonly<Record<string, readonly [string, string, string, string]>> = {
  "high-restarts": [
    "{} turns itself off and on again like a lighthouse",
    "{} has woken up more often than the neighbourhood rooster",
    "another nap, {}? your pillow must know you by name",
    "they say {} keeps a calendar of its own reboots",
  ],
  "nice-number": [
    "that is a number worth lighting a candle for",
    "{} counted all the way there without losing a finger",
    "somebody bake a cake, {} reached a round one",
    "even the moon looked twice at that number of yours, {}",
  ],
  comeback: [
    "look who found the way home: {}",
    "{} returns, with dust on the boots and no explanation",
    "we had almost given your chair away, {}",
    "put the kettle on, {} is back from the fog",
  ],
  "trend-abandon": [
    "{} left the parade just as the drums got good",
    "so {} is too cool for that by now",
    "{} changed coats before the season did",
    "the fashion will miss you, {}, for a minute or two",
  ],
  random: [
    "no reason, the wind blew this way",
    "just checking that you still blush",
    "a small pebble, thrown with affection",
    "somebody had to say something",
  ],
};

/** The quip for a reason, the same for everyone who teases `target`; "" for reasons without any. */
export function quip(reason: string, target: string): string {
  const index = quipIndex(reason, target);
  if (index === undefined) return "";
  return (quips[reason]?.[index] ?? "").replace("{}", () => target);
}

/** Which of the quips it is (docs/protocol/tables/tease-reasons.json, template_index). */
export function quipIndex(reason: string, target: string): number | undefined {
  const choices = Object.hasOwn(quips, reason) ? quips[reason] : undefined;
  if (choices === undefined) return undefined;
  let sum = 0;
  for (const character of target) sum += character.codePointAt(0) ?? 0;
  return sum % choices.length;
}
