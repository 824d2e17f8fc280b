/** The kinds of failure, for programs that react to them. The list only grows. */
export type LoraErrorCode =
  | "USAGE" // an option or argument breaks its rule
  | "FORMAT" // the bytes of a file break its format
  | "SHAPE" // sizes that must agree differ
  | "DTYPE" // a stored type cannot be read or written as asked
  | "NUMERIC" // a value is not finite, or a method did not converge
  | "MISSING" // something that was named is not there
  | "UNSUPPORTED" // understood, and not handled
  | "IO" // reading or writing failed outside this program
  | "DEVICE" // what calculates failed, went away, or is not to be had
  | "ABORTED" // the caller cancelled
  | "VERIFICATION"; // two things that must be equal within a tolerance are not

/** Where it happened and the numbers of the rule that broke: plain data, for logs and `--json`. */
export interface LoraErrorFacts {
  readonly file?: string | undefined;
  readonly tensor?: string | undefined;
  readonly [fact: string]: unknown;
}

/** What a `LoraError` says besides its code and rule. */
export interface LoraErrorDetails extends LoraErrorFacts {
  /** What the reader can do about it, in the imperative. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error this toolkit throws. `message` is the rule that broke with its numbers, `facts` say where
 * and with which values, `advice` what to do.
 */
export class LoraError extends Error {
  override readonly name = "LoraError";
  readonly code: LoraErrorCode;
  readonly facts: LoraErrorFacts;
  readonly advice: string | undefined;

  constructor(code: LoraErrorCode, rule: string, details: LoraErrorDetails = {}) {
    const { advice, cause, ...facts } = details;
    super(rule, cause === undefined ? {} : { cause });
    this.code = code;
    this.facts = facts;
    this.advice = advice;
  }

  /** The same error with more of its place filled in; what is already known wins. */
  at(place: LoraErrorFacts): LoraError {
    return new LoraError(this.code, this.message, {
      ...place,
      ...this.facts,
      advice: this.advice,
      cause: this.cause,
    });
  }

  toJSON(): { code: LoraErrorCode; message: string; facts: LoraErrorFacts; advice: string | undefined } {
    return { code: this.code, message: this.message, facts: this.facts, advice: this.advice };
  }
}

/**
 * Runs `work`; a `LoraError` that leaves it is given the place where it happened (file, tensor).
 *
 * @throws what `work` throws
 */
export async function locate<T>(place: LoraErrorFacts, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LoraError ? error.at(place) : error;
  }
}
