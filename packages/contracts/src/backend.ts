import type { Backend, ComputeDType, DType } from "@lora/tensor";
import { describe } from "vitest";
import { testElements } from "./backend-elements.ts";
import { testStored } from "./backend-stored.ts";
import { testStacks } from "./backend-stacks.ts";
import { testFactorisation } from "./backend-factors.ts";
import { testProducts } from "./backend-products.ts";
import { testReductions } from "./backend-reductions.ts";

/**
 * What every backend must do: the operations it supports, right to the rounding of its dtype, for all shapes and
 * transpositions; refusals; NaN staying where it is; and what is made of these operations.
 */
export function testBackend<S>(name: string, open: () => Promise<Backend<S>>, dtype: ComputeDType): void {
  describe(`${name} as a backend, ${dtype}`, () => {
    const subject = { open, dtype };
    testProducts(subject);
    testStored(subject);
    testStacks(subject);
    testElements(subject);
    testReductions(subject);
    testFactorisation(subject);
  });
}

/**
 * The part of it that is about products, for backends that multiply in other ways.
 *
 * @param types that are read from storage; all when left out
 */
export function testBackendProducts<S>(
  name: string,
  subject: { readonly open: () => Promise<Backend<S>>; readonly dtype: ComputeDType },
  types?: readonly DType[],
): void {
  describe(`${name} multiplies, ${subject.dtype}`, () => {
    testProducts(subject);
    testStored(subject, types);
    testStacks(subject);
  });
}
