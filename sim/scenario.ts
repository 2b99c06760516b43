/** A scenario: a short story of a network, and what must be true of it however it goes. */
import type { World, WorldSettings } from "./world.ts";

/** How large a story is told. */
export interface Size {
  readonly naras: number;
  /** Virtual hours. */
  readonly hours: number;
}

export interface Scenario extends ScenarioParts {
  readonly name: string;
}

export interface ScenarioParts {
  /** For people, in one line. */
  readonly about: string;
  /** As by command, where nothing else is asked for. */
  readonly size: Size;
  /** As in the test run: seconds, not minutes. */
  readonly testSize: Size;
  /**
   * Share of all pairs that think the same in the test run, with those who cannot be called, and so
   * know births by their own eyes; 1 where it is absent.
   */
  readonly testAgreementOfAll?: number;
  /** No less than this makes the story. */
  readonly leastNaras?: number;
  readonly leastHours?: number;
  readonly world?: Omit<WorldSettings, "seed">;
  /** Signatures are real Ed25519. */
  readonly realKeys?: boolean;
  play(world: World, size: Size, expect: Expect): Promise<void>;
}

/** Notes a failure unless it is so; the story goes on. */
export type Expect = (isSo: boolean, what: string) => void;

export const scenario = (name: string, parts: ScenarioParts): Scenario => ({ name, ...parts });

/** `minutes` of a story that is `hours` long, from `from` to `to` (0–1). */
export const part = ({ hours }: Size, share: number): { readonly minutes: number } => ({
  minutes: 60 * hours * share,
});
