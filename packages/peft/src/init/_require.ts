import { type Matrix, refuseNonFinite } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { InitComponents, InitModule } from "./_initialiser.ts";

/**
 * The weight of a module.
 *
 * @param check `sized` for methods that find values that are not finite themselves
 *
 * @throws LoraError MISSING without it; SHAPE when it is of another size; NUMERIC when an entry is not finite
 */
export function requireWeight(module: InitModule, check: "finite" | "sized" = "finite"): Matrix {
  const take = check === "finite" ? requireMatrix : requireSized;
  return take(module.weight, "the weight", [module.out, module.in]);
}

/** As `requireWeight`, the gradient of the loss by the weight. */
export function requireGradient(module: InitModule): Matrix {
  return requireMatrix(module.gradient, "the gradient", [module.out, module.in]);
}

/** As `requireWeight`, the covariance of the module's inputs. */
export function requireCovariance(module: InitModule): Matrix {
  return requireMatrix(module.covariance, "the covariance of the inputs", [module.in, module.in]);
}

/** As `requireWeight`, the principal directions of the module's inputs: `rank` of them or more. */
export function requireComponents(module: InitModule): InitComponents {
  const { components, rank } = module;
  const directions = requireMatrix(components?.directions, "the directions of the inputs", [
    components?.directions.rows ?? rank,
    module.in,
  ]);
  if (components === undefined || directions.rows >= rank) return components!;
  throw new LoraError(
    "SHAPE",
    `rank ${rank} takes as many directions of the inputs, ${directions.rows} are given`,
    {
      rank,
      directions: directions.rows,
    },
  );
}

/**
 * Refuses a rank above what a method can use.
 *
 * @param most and why, e.g. `the smaller side of the weight`
 * @throws LoraError SHAPE
 */
export function requireRankUpTo(most: number, why: string, { rank, out, in: inner }: InitModule): void {
  if (rank <= most) return;
  throw new LoraError("SHAPE", `rank ${rank} is above ${most}, ${why} of ${out} × ${inner}`, {
    rank,
    shape: [out, inner],
    advice: "ask for a smaller rank, or leave this module out",
  });
}

/** Refuses a rank above the smaller side of the weight. */
export function requireRankFits(module: InitModule): void {
  requireRankUpTo(Math.min(module.out, module.in), "the smaller side", module);
}

function requireMatrix(a: Matrix | undefined, what: string, size: readonly [number, number]): Matrix {
  const found = requireSized(a, what, size);
  refuseNonFinite(found, what);
  return found;
}

function requireSized(a: Matrix | undefined, what: string, [rows, cols]: readonly [number, number]): Matrix {
  if (a === undefined) {
    throw new LoraError("MISSING", `the initialiser needs ${what}`, {
      advice: `give ${what} of every module`,
    });
  }
  if (a.rows !== rows || a.cols !== cols) {
    throw new LoraError("SHAPE", `${what} must be ${rows} × ${cols}, it is ${a.rows} × ${a.cols}`, {
      expected: [rows, cols],
      found: [a.rows, a.cols],
    });
  }
  return a;
}
