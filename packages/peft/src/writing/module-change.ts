import type { DType } from "@lora/tensor";

/** The factors of a module as a file stores them: dense, row-major, in one type. */
export interface EncodedFactors {
  /** out × r */
  readonly up: Uint8Array;
  /** r × in·k */
  readonly down: Uint8Array;
}

/** Makes the new factors of a module when one of its tensors is pulled; the caller remembers what is dear. */
export type FactorSource = () => Promise<EncodedFactors>;

/** What `rewriteAdapter` does with a module. */
export type ModuleChange =
  | { readonly kind: "drop" }
  | {
      readonly kind: "replace";
      readonly rank: number;
      /** Type that the factors are stored in. */
      readonly dtype: DType;
      /**
       * Called once, while the new file is laid out, in the order of its factors. What it returns gives the factors,
       * up (out × rank) and down (rank × in·k), encoded in `dtype`: their product times `storedScale` is the update.
       *
       * @param storedScale what a reader of the new file will multiply with: alpha is rounded in its own type
       */
      factors(storedScale: number): FactorSource;
    };
