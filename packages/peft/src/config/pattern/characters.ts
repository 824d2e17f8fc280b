/** A test of one code point. */
export type Fits = (code: number) => boolean;

/** What the flags of an expression change. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  /** `\d`, `\w`, `\s` and `\b` know ASCII only. */
  readonly ascii: boolean;
}

const UNICODE_DIGIT = /^\p{Nd}$/u;
const UNICODE_WORD = /^[\p{L}\p{N}_]$/u;
const UNICODE_SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

/** `\d`, `\w`, `\s`; undefined for any other letter. */
export function category(letter: string, flags: Flags): Fits | undefined {
  const positive = positiveCategory(letter.toLowerCase(), flags.ascii);
  if (positive === undefined || letter === letter.toLowerCase()) return positive;
  return (code) => !positive(code);
}

export function isWord(code: number | undefined, ascii: boolean): boolean {
  return code !== undefined && fitsText(ascii ? /^\w$/ : UNICODE_WORD, code);
}

/** A character of the expression itself. */
export function literal(wanted: number, flags: Flags): Fits {
  return withCase((code) => code === wanted, flags);
}

/** Any of a set; `negated`, any other. */
export function anyOf(items: readonly Fits[], negated: boolean, flags: Flags): Fits {
  const found = withCase((code) => items.some((item) => item(code)), flags);
  return negated ? (code) => !found(code) : found;
}

/** Python compares the small form, its capital, and the small forms that share this capital (s and ſ). */
function withCase(fits: Fits, flags: Flags): Fits {
  if (!flags.ignoreCase) return fits;
  return (code) => {
    const small = otherCase(code, "toLowerCase");
    const capital = otherCase(small, "toUpperCase");
    return fits(small) || fits(capital) || fits(otherCase(capital, "toLowerCase"));
  };
}

function otherCase(code: number, change: "toLowerCase" | "toUpperCase"): number {
  const [first, ...more] = String.fromCodePoint(code)[change]();
  return more.length === 0 ? first!.codePointAt(0)! : code;
}

function positiveCategory(letter: string, ascii: boolean): Fits | undefined {
  if (letter === "d") return (code) => fitsText(ascii ? /^[0-9]$/ : UNICODE_DIGIT, code);
  if (letter === "w") return (code) => isWord(code, ascii);
  if (letter === "s") return ascii ? (code) => fitsText(/^[\t-\r ]$/, code) : isSpace;
  return undefined;
}

/** Python's str.isspace, which has the separators 1C to 1F and not FEFF. */
function isSpace(code: number): boolean {
  return (code >= 0x1c && code <= 0x1f) || fitsText(UNICODE_SPACE, code);
}

function fitsText(pattern: RegExp, code: number): boolean {
  return pattern.test(String.fromCodePoint(code));
}
