/** A soul as a file: its text alone on a line, its nara's name in the name of the file. */

/** A soul is ~54 characters (docs/protocol/identity.md §1); no soul file is larger than this. */
export const largestSoulFileBytes = 4096;

export const soulFileName = (name: string): string => `${name}.soul.txt`;

/** The soul's text and the name the file was kept under, "" when it tells none. */
export const readSoulFile = (
  fileName: string,
  text: string,
): { readonly soul: string; readonly name: string } => ({
  soul: text.trim(),
  // Browsers add " (1)" to a second download.
  name: /^([a-z0-9][a-z0-9-]{0,62})\.soul(?: ?\(\d+\))?\.txt$/.exec(fileName)?.[1] ?? "",
});
