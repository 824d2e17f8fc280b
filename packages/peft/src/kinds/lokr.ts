import { elementCount, type Shape } from "@lora/tensor";
import { KroneckerDelta } from "../kronecker-delta.ts";
import type { LowRankDelta } from "../low-rank-delta.ts";
import type { Part } from "../parts.ts";
import type { PairRoles } from "./_factor-pair.ts";
import { pairForm, readPair } from "./_factor-pair.ts";
import type { Kind, LoadOptions, Parts } from "./_kind.ts";
import { demandFactor, readFactor, requirePart } from "./_parts.ts";
import { thinDelta, wholeDelta } from "./_thin-product.ts";

/** A factor of the Kronecker product: whole, or a product itself. */
interface FactorRoles extends PairRoles {
  readonly whole: Part;
}

const OUTER: FactorRoles = { whole: "lokr_w1", a: "lokr_w1_a", b: "lokr_w1_b", core: "lokr_t2" };
const INNER: FactorRoles = { whole: "lokr_w2", a: "lokr_w2_a", b: "lokr_w2_b", core: "lokr_t2" };

/**
 * ΔW = s · W₁ ⊗ W₂, each factor whole or a product of its own; a convolution has its kernel in W₂. The scale is
 * alpha / r with the r of W₂'s product, else of W₁'s; it is 1 where both are whole.
 */
export const lokr: Kind = {
  id: "lokr",
  title: "LoKr",
  source: "Edalati et al. 2022 (KronA), arXiv 2212.10650; KohakuBlueleaf/LyCORIS lokr.py",
  required: [],
  optional: ["lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2", "alpha"],
  describe(parts) {
    const [outer, inner] = [factorForm(outerParts(parts), OUTER), factorForm(parts, INNER)];
    const [out = 0, width = 0, ...kernel] = inner.shape;
    return {
      layer: kernel.length > 0 ? "conv" : "linear",
      shape: [outer.shape[0]! * out, outer.shape[1]! * width, ...kernel],
      rank: rankOf(outer) * rankOf(inner),
      alphaRank: inner.rank ?? outer.rank ?? 0,
    };
  },
  async load(module, options = {}) {
    const [outer, inner] = await Promise.all([
      loadFactor(outerParts(module.parts), OUTER, options),
      loadFactor(module.parts, INNER, options),
    ]);
    return new KroneckerDelta(outer, inner, { scale: module.scale, engine: options.engine });
  },
};

interface FactorForm {
  readonly shape: Shape;
  /** Undefined where the factor is stored whole. */
  readonly rank: number | undefined;
}

/** The core belongs to W₂ alone. */
function outerParts(parts: Parts): Parts {
  return new Map([...parts].filter(([part]) => part !== "lokr_t2"));
}

function factorForm(parts: Parts, roles: FactorRoles): FactorForm {
  if (parts.has(roles.a) || parts.has(roles.b)) return pairForm(parts, roles);
  const whole = requirePart(parts, roles.whole);
  demandFactor(whole, roles === INNER ? "any" : "none");
  const { shape } = whole.tensor;
  return { shape: roles === INNER ? shape : shape.slice(0, 2), rank: undefined };
}

function rankOf({ shape, rank }: FactorForm): number {
  return Math.min(rank ?? Number.POSITIVE_INFINITY, shape[0]!, elementCount(shape.slice(1)));
}

async function loadFactor(parts: Parts, roles: FactorRoles, options: LoadOptions): Promise<LowRankDelta> {
  const { engine } = options;
  if (!parts.has(roles.a)) {
    return wholeDelta(await readFactor(requirePart(parts, roles.whole), options), { engine });
  }
  const { up, down } = await readPair(parts, roles, options);
  return thinDelta(up, down, { engine });
}
