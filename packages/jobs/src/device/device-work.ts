import type { Matrix } from "@lora/linalg";
import { type BaseWeight, measuredBase } from "@lora/metrics";
import type { AdapterModule, BaseNeed } from "@lora/peft";
import { type Backend, elementCount, locate, LoraError } from "@lora/tensor";
import { finiteBaseWeight } from "../finite-base-weight.ts";
import { type BaseWeightPlace, type PostedWeight, postWeight, receivedWeight } from "../posted.ts";
import type { DeviceSummary } from "../reports.ts";
import { weightFacts } from "./weight-facts.ts";

/** A base weight to measure, and what is wanted of it. */
export interface WeightRequest {
  readonly module: AdapterModule;
  readonly base: BaseWeightPlace;
  readonly needs: readonly BaseNeed[];
  /** Right singular vectors of the update, where `needs` has `subspaceFactors`. */
  readonly v: Matrix | undefined;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** The part of a job that runs on a backend: what reads whole base weights. */
export interface DeviceWork {
  /**
   * The facts of a base weight; `undefined` where the device cannot hold it, so that it has to be measured elsewhere.
   *
   * @throws LoraError NUMERIC naming the first value that is not finite; DEVICE when the device fails; as reading does
   */
  measure(request: WeightRequest): Promise<BaseWeight | undefined>;
  /** What was done so far. */
  summary(): DeviceSummary;
}

/** Measures base weights on a backend, one after the other: one is in its memory at a time. */
export function deviceWork(backend: Backend): DeviceWork {
  let weights = 0;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    measure(request) {
      const read = postWeight(request.base, request.signal);
      const result = turn.then(async () => measureOn(backend, await read, request));
      turn = Promise.allSettled([result, read]);
      return result.then((base) => {
        if (base !== undefined) weights += 1;
        return base;
      });
    },
    summary: () => ({ name: backend.id, weights }),
  };
}

async function measureOn(
  backend: Backend,
  weight: PostedWeight,
  { module, base, ...wanted }: WeightRequest,
): Promise<BaseWeight | undefined> {
  const { bytes, dtype, shape, transposed } = weight;
  const [rows = 0, ...inner] = shape;
  try {
    const tensor = backend.upload(bytes, { dtype, shape: [rows, elementCount(inner)] }, "f32");
    try {
      return measuredBase(await weightFacts({ backend, tensor, transposed }, wanted));
    } finally {
      tensor.dispose();
    }
  } catch (error) {
    if (!(error instanceof LoraError)) throw error;
    if (error.code === "UNSUPPORTED") return undefined;
    if (error.code === "NUMERIC") await finiteBaseWeight(receivedWeight(module, weight)); // it knows which value
    return locate({ file: base.file, tensor: base.pair.name, module: module.name }, () =>
      Promise.reject(error),
    );
  }
}
