import type { TensorFile } from "@lora/tensor";
import { locate } from "@lora/tensor";
import type { Adapter, AdapterModule, NamedTensor } from "../adapter.ts";
import { guessArchitecture } from "../architectures/_guess.ts";
import type { Scaling } from "../dialects/_dialect.ts";
import { kindOfParts } from "../kind-of.ts";
import { lora } from "../kinds/lora.ts";
import { mergedLinear } from "../kinds/merged-linear.ts";
import type { Kind, ModuleForm } from "../kinds/_kind.ts";
import { detectDialect, dialectById } from "./detect-dialect.ts";
import { withKernel } from "./flattened-kernel.ts";
import { readAlphas } from "./read-alphas.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import type { TensorGroup } from "./sort-tensors.ts";
import { sortTensors } from "./sort-tensors.ts";
import { withMagnitudes } from "./with-magnitudes.ts";
import { warningsOf } from "./warnings.ts";

export interface ReadAdapterOptions {
  /** Id of the dialect to read it in, in place of the one its names show. */
  readonly dialect?: string | undefined;
  /**
   * Whether alphas are read. Without them `alpha` and `scale` of modules that store one are as if they had none: good
   * for names, kinds, shapes and ranks, before anything but the header was read. @default true
   */
  readonly alphas?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface ReadGroup {
  readonly group: TensorGroup;
  readonly kind: Kind;
  readonly form: ModuleForm;
}

/**
 * Understands an adapter file: its dialect, and every module with its kind, place, shape, rank and scale. Reads
 * headers, texts and alpha scalars; no factors.
 *
 * @throws LoraError UNSUPPORTED when it is an adapter of a kind that is not handled, or none at all; MISSING when
 *   a module lacks a factor, or PEFT's configuration is not there; SHAPE when factors, or factors and
 *   configuration, disagree; NUMERIC when an alpha is not above 0
 */
export async function readAdapter(file: TensorFile, options: ReadAdapterOptions = {}): Promise<Adapter> {
  return locate({ file: file.name }, async () => {
    const detection = detectDialect(file, options.dialect);
    if (detection === undefined) throw refuseForeign(file);
    const dialect = dialectById(detection.dialect);
    const scaling = dialect.scaling(file);
    const sorted = sortTensors(file, dialect, scaling.savedWhole);
    if (sorted.groups.length === 0) throw refuseForeign(file);
    const read = sorted.groups.map((group) => describeGroup(group, scaling.enabled));
    const alphas =
      options.alphas === false ? new Map<string, number>() : await alphasOf(read, options.signal);
    const scalings = new Map([[dialect, scaling]]);
    for (const { dialect: other } of sorted.groups)
      if (!scalings.has(other)) scalings.set(other, other.scaling(file));
    const plain = read.map((one) => moduleOf(one, scalings.get(one.group.dialect)!, alphas));
    const modules = withMagnitudes(plain, sorted.extras);
    return {
      file,
      detection,
      baseArchitecture: guessArchitecture(modules, file.metadata),
      modules,
      extras: sorted.extras,
      warnings: [...scaling.warnings, ...warningsOf(sorted)],
    };
  });
}

function alphasOf(read: readonly ReadGroup[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
  return readAlphas(
    read.flatMap(({ group, kind }) => (kind.boundedByAlpha ? [] : (group.parts.get("alpha") ?? []))),
    signal,
  );
}

function describeGroup(group: TensorGroup, enabled: readonly boolean[] | undefined): ReadGroup {
  const kind = enabled === undefined ? (kindOfParts(group.parts) ?? lora) : mergedLinear;
  return { group, kind, form: kind.describe(group.parts, enabled) };
}

function moduleOf(
  { group, kind, form: stored }: ReadGroup,
  scaling: Scaling,
  alphas: ReadonlyMap<string, number>,
): AdapterModule {
  const { name, dialect, parts } = group;
  const place = dialect.place(name);
  const form = withKernel(stored, kind.id, place);
  const alphaName = parts.get("alpha")?.name;
  const { alpha, scale, source } = scaling.of(
    { name, ...place, shape: form.shape, rank: form.alphaRank ?? form.rank },
    alphaName === undefined ? undefined : alphas.get(alphaName),
  );
  const layer = group.layer ?? form.layer;
  const settings = scaling.settings?.({ ...place, kind: kind.id });
  return {
    name,
    ...place,
    kind: kind.id,
    layer,
    shape: form.shape,
    rank: form.rank,
    alpha,
    scale,
    scaleSource: source,
    transposed: layer === "embedding" || (layer === "linear" && scaling.transposed),
    ...(scaling.enabled === undefined ? {} : { enabled: scaling.enabled }),
    ...(settings === undefined ? {} : { settings }),
    dtype: factorsOf(parts)[0]!.tensor.dtype,
    parts,
  };
}

/** Everything but alpha. */
function factorsOf(parts: TensorGroup["parts"]): NamedTensor[] {
  return [...parts].filter(([part]) => part !== "alpha").map(([, named]) => named);
}
