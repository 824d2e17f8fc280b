import type { AnyMatrix } from "@lora/linalg";
import { transpose, wideMatrix } from "@lora/linalg";
import type { Shape } from "@lora/tensor";
import { elementCount } from "@lora/tensor";
import type { NamedTensor } from "../adapter.ts";
import type { Part } from "../parts.ts";
import type { LoadOptions, Parts } from "./_kind.ts";
import { demandFactor, demandSameRank, kernelOf, readFactor, requirePart } from "./_parts.ts";
import { foldedCore } from "./_tucker.ts";

/** The roles of a product of LyCORIS: `a` · `b`, or with a core Σ_mn a[m, o] · core[m, n, k] · b[n, i]. */
export interface PairRoles {
  readonly a: Part;
  readonly b: Part;
  readonly core: Part;
}

/** What the headers of such a product say. */
export interface PairForm {
  /** Of the product: [out, in] or [out, in, …kernel]. */
  readonly shape: Shape;
  readonly rank: number;
}

/**
 * Reads the form of a product off its headers.
 *
 * @throws LoraError MISSING without `a` or `b`; SHAPE when inner sizes differ
 */
export function pairForm(parts: Parts, roles: PairRoles): PairForm {
  const [a, b] = [requirePart(parts, roles.a), requirePart(parts, roles.b)];
  const core = parts.get(roles.core);
  if (core === undefined) return plainForm(a, b);
  demandFactor(a, "none");
  demandFactor(b, "none");
  demandFactor(core, "any");
  const rank = demandSameRank([
    [b, 0],
    [core, 1],
    [core, 0],
    [a, 0],
  ]);
  return { shape: [a.tensor.shape[1]!, b.tensor.shape[1]!, ...kernelOf(core.tensor.shape)], rank };
}

function plainForm(a: NamedTensor, b: NamedTensor): PairForm {
  demandFactor(a, "none");
  demandFactor(b, "any");
  const rank = demandSameRank([
    [b, 0],
    [a, 1],
  ]);
  const [, width, ...kernel] = b.tensor.shape;
  return { shape: [a.tensor.shape[0]!, width!, ...kernel], rank };
}

/** The product as up (out × r) and down (r × in·k), a core multiplied into down. */
export async function readPair(
  parts: Parts,
  roles: PairRoles,
  options: LoadOptions,
): Promise<{ readonly up: AnyMatrix; readonly down: AnyMatrix }> {
  const [a, b] = await Promise.all([
    readFactor(requirePart(parts, roles.a), options),
    readFactor(requirePart(parts, roles.b), options),
  ]);
  const core = parts.get(roles.core);
  if (core === undefined) return { up: a, down: b };
  const kernel = elementCount(kernelOf(core.tensor.shape));
  const { engine } = options;
  return {
    up: transpose(wideMatrix(a)),
    down: foldedCore(await readFactor(core, options), b, { kernel, engine }),
  };
}
