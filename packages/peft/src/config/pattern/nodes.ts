import type { Run } from "./run.ts";

/** Where a piece can end when it begins at a state, in the order in which Python's backtracking would try. */
type Step = (run: Run, state: number) => readonly number[];

/** A piece of a pattern, ready to match. */
export interface PatternNode {
  /** Characters it takes, where that is always the same number. */
  readonly width: number | undefined;
  readonly step: Step;
  /** Set for one character: repeating it takes no search. */
  readonly fits?: (code: number) => boolean;
}

/** How often, and which way first. */
export interface Repetition {
  readonly min: number;
  readonly max: number;
  readonly mode: "greedy" | "lazy" | "possessive";
}

/** One character. */
export function character(fits: (code: number) => boolean): PatternNode {
  const step: Step = (run, state) => {
    run.spend();
    const code = run.code(state);
    return code !== undefined && fits(code) ? [state + 1] : [];
  };
  return { width: 1, step, fits };
}

/** No character: a condition on the place. */
export function place(holds: (codes: readonly number[], position: number) => boolean): PatternNode {
  return { width: 0, step: (run, state) => (holds(run.codes, run.position(state)) ? [state] : []) };
}

/** One piece after the other. */
export function sequence(items: readonly PatternNode[]): PatternNode {
  return {
    width: items.reduce<number | undefined>((sum, { width }) => sumOf(sum, width), 0),
    step: (run, state) => {
      let states: readonly number[] = [state];
      for (const item of items) {
        run.spend();
        states = unionOf(states, (next) => item.step(run, next));
        if (states.length === 0) break;
      }
      return states;
    },
  };
}

/** One of several pieces, the first first. */
export function choice(options: readonly PatternNode[]): PatternNode {
  if (options.length === 1) return options[0]!;
  const width = options[0]!.width;
  return {
    width: options.every((option) => option.width === width) ? width : undefined,
    step: (run, state) => unionOf(options, (option) => option.step(run, state)),
  };
}

/** A piece that does not take back what it took. */
export function atomic(item: PatternNode): PatternNode {
  return { width: item.width, step: (run, state) => item.step(run, state).slice(0, 1) };
}

/** A piece whose extent is the group `idx`. */
export function captured(item: PatternNode): PatternNode {
  return {
    width: item.width,
    step: (run, state) => item.step(run, state).map((end) => run.captured(state, end)),
  };
}

/** A condition on what follows, or on the `behind` characters before. */
export function look(item: PatternNode, negated: boolean, behind: number | undefined): PatternNode {
  const found: Step = (run, state) => {
    if (behind === undefined) return item.step(run, state);
    if (run.position(state) < behind) return [];
    return item.step(run, state - behind).filter((end) => run.position(end) === run.position(state));
  };
  return {
    width: 0,
    step: (run, state) => (found(run, state).length > 0 === negated ? [] : [state]),
  };
}

/** A piece several times. */
export function repeat(item: PatternNode, repetition: Repetition): PatternNode {
  const { min, max } = repetition;
  const width = min === max ? timesOf(item.width, min) : undefined;
  const step =
    item.fits === undefined ? repeatedPiece(item, repetition) : repeatedCharacter(item.fits, repetition);
  return repetition.mode === "possessive" ? atomic({ width, step }) : { width, step };
}

/** Every count that the characters allow, the largest first, or the least for a lazy one. */
function repeatedCharacter(fits: (code: number) => boolean, { min, max, mode }: Repetition): Step {
  return (run, state) => {
    const states: number[] = [];
    for (let count = 0; count <= max; count++) {
      if (count >= min) states.push(state + count);
      const code = run.code(state + count);
      if (code === undefined || !fits(code)) break;
    }
    run.spend(states.length + 1);
    return mode === "lazy" ? states : states.reverse();
  };
}

function repeatedPiece(item: PatternNode, { min, max, mode }: Repetition): Step {
  // One key for each count of iterations still open: what can follow depends on it.
  const owners = new Map<number, object>();
  const more = (run: Run, state: number, left: number): readonly number[] => {
    if (left === 0) return [state];
    const owner = owners.get(left) ?? {};
    owners.set(left, owner);
    return run.once(owner, state, () => {
      // An iteration that takes nothing ends the loop, as in Python.
      const further = (): readonly number[] =>
        unionOf(item.step(run, state), (next) => (next === state ? [next] : more(run, next, left - 1)));
      return mode === "lazy" ? unionOf([[state], further()], same) : unionOf([further(), [state]], same);
    });
  };
  const required = sequence(Array.from({ length: min }, () => item));
  return (run, state) => unionOf(required.step(run, state), (next) => more(run, next, max - min));
}

/** All results in order, each once. */
function unionOf<T>(items: readonly T[], results: (item: T) => readonly number[]): readonly number[] {
  if (items.length === 1) return results(items[0]!);
  if (items.length === 0) return [];
  const all = new Set<number>();
  for (const item of items) for (const result of results(item)) all.add(result);
  return [...all];
}

function same(states: readonly number[]): readonly number[] {
  return states;
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function timesOf(width: number | undefined, count: number): number | undefined {
  return width === undefined ? undefined : width * count;
}
