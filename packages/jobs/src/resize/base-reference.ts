import {
  type Engine,
  isStoredType,
  multiply,
  readStored,
  type ProductSpectrum,
  type StoredMap,
  type StoredMatrix,
  type StoredSource,
  storedMatrix,
  wideMatrix,
} from "@lora/linalg";
import { baseSubspaceFactors, storedBaseWeight, type Update } from "@lora/metrics";
import type { BaseNeed, BaseReference, StoredFactors } from "@lora/peft";
import { decode, elementCount, LoraError } from "@lora/tensor";
import { requireFiles } from "../pool/require-files.ts";
import type { TaskFiles } from "../pool/task-files.ts";
import type { PlacedWeight, PostedWeight } from "../posted.ts";

/** The residual at which a norm is good enough to weigh ranks by: as a rule it is off by a hundredth of that. */
const NORM_TOLERANCE = 3e-3;

/** An update, told by its factors. */
export interface ToldUpdate {
  readonly factors: StoredFactors;
  readonly spectrum: ProductSpectrum;
}

/** What is wanted of a base weight, and how. */
export interface WantedFacts {
  readonly needs: readonly BaseNeed[];
  /** Of the start vectors of iterative norms. */
  readonly seed: number;
  readonly engine: Engine;
  /** Needed for a weight of which only the place is known. */
  readonly files?: TaskFiles | undefined;
}

/**
 * The facts of a base weight that a rule needs, from its values as they are stored.
 *
 * @param update where its subspace is compared with the weight's
 *
 * @throws LoraError NUMERIC with file, tensor and index of the first value that is NaN or infinite
 */
export function baseReference(
  weight: PostedWeight | PlacedWeight,
  update: ToldUpdate | undefined,
  wanted: WantedFacts,
): BaseReference {
  const { engine, seed, needs, files } = wanted;
  const stored = "place" in weight ? asSource(weight, files) : asStored(weight);
  return engine.withStored(stored, (held) => {
    refuseNonFinite(held, stored, weight);
    const { transposed } = weight;
    const base = storedBaseWeight(held, { transposed, tolerance: NORM_TOLERANCE, seed, engine });
    return {
      spectralNorm: needs.includes("spectralNorm") ? base.spectralNorm().value : undefined,
      frobeniusNorm: needs.includes("frobeniusNorm") ? base.frobeniusNorm() : undefined,
      subspaceFactors: update && baseSubspaceFactors.compute({ update: writtenOut(update, engine), base }),
    };
  });
}

/** The singular vectors themselves, in f32, as products with the weight are. */
function writtenOut({ factors, spectrum }: ToldUpdate, engine: Engine): Update {
  return {
    u: multiply(factors.up, spectrum.left, { as: "f32", engine }),
    s: spectrum.s,
    v: multiply(factors.down, spectrum.right, { transA: true, as: "f32", engine }),
  };
}

/** The weight in its own type where an engine holds it so, else in f32. */
function asStored({ dtype, shape, bytes }: PostedWeight): StoredMatrix {
  const [rows = 0, ...inner] = shape;
  const cols = elementCount(inner);
  if (isStoredType(dtype)) return storedMatrix(bytes, dtype, [rows, cols]);
  const data = new Float32Array(rows * cols);
  decode(bytes, dtype, data);
  return { rows, cols, data };
}

function asSource({ dtype, shape, place }: PlacedWeight, files: TaskFiles | undefined): StoredSource {
  const reached = requireFiles(files);
  const [rows = 0, ...inner] = shape;
  return { rows, cols: elementCount(inner), dtype, read: (into) => reached.read(place, into) };
}

function refuseNonFinite(
  held: StoredMap,
  weight: StoredMatrix | StoredSource,
  { file, name }: Pick<PostedWeight, "file" | "name">,
): void {
  const at = held.firstNonFinite();
  if (at < 0) return;
  throw new LoraError(
    "NUMERIC",
    `value ${at} of the base weight is ${wideMatrix(readStored(weight)).data[at]}`,
    {
      file,
      tensor: name,
      index: at,
      advice: "fetch the base model again, or give the one this adapter was trained on",
    },
  );
}
