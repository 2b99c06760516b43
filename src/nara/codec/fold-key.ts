/**
 * The form in which Go compares JSON keys with ASCII field names: case does not matter, and the
 * long s and the Kelvin sign count as s and k (docs/protocol/events-and-ledger.md, Traps).
 */
export const foldKey = (key: string): string => key.toLowerCase().replaceAll("\u017f", "s");
