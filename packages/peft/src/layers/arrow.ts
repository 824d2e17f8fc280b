import type { Matrix } from "@lora/linalg";
import { productSvd } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { Factors } from "../delta.ts";
import { demand, demandRank } from "../rank/_demand.ts";
import type { LayerAdapter } from "./layer-adapter.ts";
import { addTo, branch } from "./plain.ts";
import type { ForwardStep, Variant } from "./variant.ts";

/** How an Arrow router chooses among adapters. */
export interface ArrowOptions {
  /** The adapters that it chooses among; they need not be active. */
  readonly experts: readonly string[];
  /** How many of them act on each token; 3 when left out. */
  readonly topK?: number | undefined;
  /** Of the softmax over their similarities; 1 when left out. */
  readonly temperature?: number | undefined;
  /** Adapters whose mean A and mean B are taken off those of each expert (GenKnowSub). */
  readonly general?: readonly string[] | undefined;
}

/** An expert as it acts: without general knowledge, with the direction that it listens to. */
interface Expert {
  readonly adapter: LayerAdapter;
  /** The first right singular vector of B·A, as 1 × in. */
  readonly prototype: Matrix;
}

/**
 * Arrow: each token goes through the adapters whose strongest input direction it is most like, weighted by a softmax over
 * |x·p|. The directions come from an exact SVD through the factors; PEFT's fifteen power iterations end near them.
 *
 * @throws LoraError USAGE when there is no expert, or `topK` or `temperature` is not above 0
 * @see Ostapenko et al. 2024, arXiv 2405.11157; GenKnowSub: arXiv 2505.10939
 */
export function arrow(options: ArrowOptions): Variant {
  const { experts: names, topK = 3, temperature = 1 } = options;
  if (names.length === 0) throw new LoraError("USAGE", "a router has no adapter to choose among");
  demandRank("topK", topK);
  demand(temperature > 0, "temperature", "above 0", temperature);
  return {
    id: "arrow",
    kinds: ["linear", "hf-conv1d"],
    unmergeable: "a router chooses anew for each token",
    forward(step) {
      const experts = expertsOf(step, options);
      const weights = routing(step, experts, { topK, temperature });
      experts.forEach(({ adapter }, e) => {
        const change = branch({ ...step, adapter });
        const { y } = step;
        for (let row = 0; row < y.rows; row++) {
          const share = weights[row * experts.length + e]!;
          if (share === 0) continue;
          const target = y.data.subarray(row * y.cols, (row + 1) * y.cols);
          const source = change.data.subarray(row * y.cols, (row + 1) * y.cols);
          addTo({ ...y, data: target }, { ...y, data: source }, share * adapter.scale);
        }
      });
    },
  };
}

function expertsOf({ layer }: ForwardStep, { experts, general = [] }: ArrowOptions): Expert[] {
  const named = (name: string): LayerAdapter => {
    const adapter = layer.adapters.get(name);
    if (adapter !== undefined) return adapter;
    throw new LoraError("MISSING", `the router's adapter ${name} is not in this layer`, { adapter: name });
  };
  const known = general.map((name) => named(name).factors);
  return experts.map(named).map((adapter) => {
    const { up, down } = adapter.factors;
    const factors = {
      up: withoutMean(
        up,
        known.map((each) => each.up),
      ),
      down: withoutMean(
        down,
        known.map((each) => each.down),
      ),
    };
    return { adapter: { ...adapter, factors }, prototype: strongestInput(factors) };
  });
}

function strongestInput({ up, down }: Factors): Matrix {
  const { v } = productSvd(up, down);
  const data = Float64Array.from({ length: v.rows }, (_, i) => v.data[i * v.cols]!);
  return { rows: 1, cols: v.rows, data };
}

function withoutMean(a: Matrix, others: readonly Matrix[]): Matrix {
  const data = a.data.slice();
  for (const other of others) {
    if (other.rows !== a.rows || other.cols !== a.cols) {
      throw new LoraError(
        "SHAPE",
        `adapters behind one router take equal factors, not ${a.rows} × ${a.cols} and ${other.rows} × ${other.cols}`,
      );
    }
    for (let i = 0; i < data.length; i++) data[i] = data[i]! - other.data[i]! / others.length;
  }
  return { ...a, data };
}

/** For each token, the share of each expert: a softmax over the `topK` most similar. */
function routing(
  { tokens }: ForwardStep,
  experts: readonly Expert[],
  { topK, temperature }: { readonly topK: number; readonly temperature: number },
): Float64Array {
  const shares = new Float64Array(tokens.count * experts.length);
  const likeness = experts.map(
    ({ prototype }) => tokens.times({ matrix: prototype, transposed: false }).data,
  );
  for (let row = 0; row < tokens.count; row++) {
    const order = experts
      .map((_, e) => e)
      .sort((a, b) => Math.abs(likeness[b]![row]!) - Math.abs(likeness[a]![row]!));
    const chosen = order.slice(0, topK).map((e) => [e, Math.abs(likeness[e]![row]!)] as const);
    const top = chosen[0]?.[1] ?? 0;
    const powers = chosen.map(([e, value]) => [e, Math.exp((value - top) / temperature)] as const);
    const sum = powers.reduce((total, [, power]) => total + power, 0);
    for (const [e, power] of powers) shares[row * experts.length + e] = power / sum;
  }
  return shares;
}
