import type { DType } from "@lora/tensor";
import type { Factors } from "../delta.ts";

/** What `rewriteAdapter` does with a module. */
export type ModuleChange =
  | { readonly kind: "drop" }
  | {
      readonly kind: "replace";
      readonly rank: number;
      /** Type that the factors are stored in. */
      readonly dtype: DType;
      /**
       * The new factors, up (out × rank) and down (rank × in·k): their product times `storedScale` is the update.
       * Called once for each tensor that is pulled; the caller remembers what is dear.
       *
       * @param storedScale what a reader of the new file will multiply with: alpha is rounded in its own type
       */
      factors(storedScale: number): Promise<Factors>;
    };
