/** What is found of each module by name. */
export type Found<T> = Map<string, T>;

/** Findings as they are written down. */
export type FindingsText = Readonly<Record<string, readonly (readonly [name: string, value: unknown])[]>>;

/**
 * What a job finds out of its modules besides the values it writes: spectra, ranks, errors. Runs that share a job keep
 * theirs, and whoever joins what they wrote plans and reports from all of them without working again.
 */
export class Findings {
  readonly #kinds = new Map<string, Found<unknown>>();

  /** All findings of a kind, to be read and added to. */
  of<T>(kind: string): Found<T> {
    const found = this.#kinds.get(kind) ?? new Map<string, unknown>();
    this.#kinds.set(kind, found);
    return found as Found<T>;
  }

  /** Plain data, from which `add` makes the same numbers again. */
  toJSON(): FindingsText {
    return Object.fromEntries(
      [...this.#kinds].map(([kind, found]) => [
        kind,
        [...found].map(([name, value]) => [name, packed(value)] as const),
      ]),
    );
  }

  /** Adds what another run wrote down. */
  add(text: FindingsText): void {
    for (const [kind, found] of Object.entries(text)) {
      for (const [name, value] of found) this.of(kind).set(name, unpacked(value));
    }
  }
}

/** JSON has neither typed arrays nor numbers that are not finite: each becomes an object with one of these keys. */
const [FLOATS, NUMBER] = ["float64", "number"];

function packed(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : { [NUMBER]: String(value) };
  if (value instanceof Float64Array) return { [FLOATS]: Array.from(value, packed) };
  if (Array.isArray(value)) return value.map(packed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, packed(inner)]));
}

function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [[key, inner] = []] = entries;
  if (entries.length === 1 && key === NUMBER && typeof inner === "string") return Number(inner);
  if (entries.length === 1 && key === FLOATS) return Float64Array.from(inner as unknown[], asNumber);
  return Object.fromEntries(entries.map(([name, one]) => [name, unpacked(one)]));
}

function asNumber(value: unknown): number {
  return unpacked(value) as number;
}
