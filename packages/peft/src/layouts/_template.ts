import type { PathTemplate } from "./_layout.ts";

const NUMBER = /(?<=^|[._])\d+(?=[._]|$)/g;

/** Something known by path templates, and the numbers with which a path fits one of them. */
export interface TemplateMatch<T> {
  readonly value: T;
  readonly template: PathTemplate;
  /** In place of each `#`. */
  readonly numbers: readonly string[];
}

interface Entry<T> {
  readonly value: T;
  readonly template: PathTemplate;
  /** For each number of the path: what it must be, or undefined where the template has `#`. */
  readonly fixed: readonly (string | undefined)[];
}

/** Finds path templates by paths, dotted or with underscores for the dots: by lookup, never by splitting. */
export class TemplateIndex<T> {
  readonly #entries = new Map<string, Entry<T>[]>();

  add(template: PathTemplate, value: T): void {
    const fixed = [...template.matchAll(/#|(?<=^|[._])\d+(?=[._]|$)/g)].map(([found]) =>
      found === "#" ? undefined : found,
    );
    const key = template.replaceAll(NUMBER, "#").replaceAll(".", "_");
    const entries = this.#entries.get(key) ?? [];
    entries.push({ value, template, fixed });
    this.#entries.set(key, entries);
  }

  /** In the order in which they were added. */
  find(path: string): TemplateMatch<T>[] {
    const numbers = path.match(NUMBER) ?? [];
    const key = path.replaceAll(NUMBER, "#").replaceAll(".", "_");
    const entries = this.#entries.get(key) ?? [];
    return entries
      .filter(({ fixed }) =>
        fixed.every((wanted, index) => wanted === undefined || wanted === numbers[index]),
      )
      .map(({ value, template, fixed }) => ({
        value,
        template,
        numbers: numbers.filter((_, index) => fixed[index] === undefined),
      }));
  }
}

/** The path that a template makes with these numbers. */
export function filledTemplate(template: PathTemplate, numbers: readonly string[]): string {
  let next = 0;
  return template.replaceAll("#", () => numbers[next++]!);
}
