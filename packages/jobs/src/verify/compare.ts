import type { Engine } from "@lora/linalg";
import { type Delta, loadDelta } from "@lora/peft";
import { locate } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import { singularValuesOfDifference } from "../difference.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedModule, receivedModule } from "../posted.ts";

/** Norms of two updates and of their difference. */
export interface UpdateComparison {
  readonly normA: number;
  readonly spectralA: number;
  /** ‖ΔW_A − ΔW_B‖_F */
  readonly differenceFrobenius: number;
  /** The largest singular value of the difference. */
  readonly differenceSpectral: number;
}

/** A target of two files; undefined in the one that has no update for it. */
export interface CompareInput {
  readonly a: PostedModule | undefined;
  readonly b: PostedModule | undefined;
}

/**
 * Compares two updates exactly: the difference is a product of stacked factors, and its singular values come
 * from them, O((m + n)·(rA + rB)²). A module that is absent counts as a zero update.
 */
export const compare: PoolTask<CompareInput, UpdateComparison> = {
  name: "compare",
  async run({ a, b }, engine) {
    const deltaA = a && (await load(a, engine));
    const deltaB = b && (await load(b, engine));
    const own = deltaA?.singularValues() ?? new Float64Array(0);
    const difference = singularValuesOfDifference(deltaA, deltaB, engine);
    return {
      normA: norm(own),
      spectralA: own[0] ?? 0,
      differenceFrobenius: norm(difference),
      differenceSpectral: difference[0] ?? 0,
    };
  },
};

function load(posted: PostedModule, engine: Engine): Promise<Delta> {
  return locate({ file: posted.file }, () => loadDelta(receivedModule(posted), { engine }));
}
