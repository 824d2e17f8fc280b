import { LoraError } from "@lora/tensor";

/** A Python expression being read, character by character. */
export class PatternSource {
  readonly pattern: string;
  readonly #shown: string;
  readonly #characters: readonly string[];
  #position = 0;

  /** @param shown what messages quote */
  constructor(pattern: string, shown: string) {
    this.pattern = pattern;
    this.#shown = shown;
    this.#characters = Array.from(pattern);
  }

  get position(): number {
    return this.#position;
  }

  /** The next character without taking it; empty at the end. */
  peek(): string {
    return this.#characters[this.#position] ?? "";
  }

  /** Takes the next character; empty at the end. */
  take(): string {
    return this.#characters[this.#position++] ?? "";
  }

  /** Takes `text` if it is next. */
  accept(text: string): boolean {
    const found = this.#characters.slice(this.#position, this.#position + text.length).join("") === text;
    if (found) this.#position += text.length;
    return found;
  }

  /** Takes what fits the expression, at most `most` characters. */
  takeWhile(fits: RegExp, most: number = Infinity): string {
    const from = this.#position;
    while (this.#position - from < most && fits.test(this.peek())) this.#position++;
    return this.#characters.slice(from, this.#position).join("");
  }

  /** Goes back to a position. */
  return(position: number): void {
    this.#position = position;
  }

  /** The error for an expression that Python would not take either. */
  invalid(why: string): LoraError {
    return new LoraError("USAGE", `the pattern "${this.#shown}" is not an expression of Python: ${why}`, {
      pattern: this.#shown,
      position: this.#position,
      advice: "correct it, or list the names of the modules",
    });
  }

  /** The error for what Python has and this does not. */
  unsupported(construct: string): LoraError {
    return new LoraError("UNSUPPORTED", `the pattern "${this.#shown}" has ${construct}`, {
      pattern: this.#shown,
      position: this.#position,
      advice: "write it without, or list the names of the modules",
    });
  }
}
