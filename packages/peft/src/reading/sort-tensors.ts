import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { ExtraTensor, LayerKind, NamedTensor } from "../adapter.ts";
import type { Dialect, ParsedName } from "../dialects/_dialect.ts";
import { dialects } from "../dialects/_index.ts";
import type { OtherTensor } from "../dialects/_other-tensors.ts";
import { otherTensor, unreadKind } from "../dialects/_other-tensors.ts";
import type { Part } from "../parts.ts";

/** The tensors of one module, before anything is known of their sizes. */
export interface TensorGroup {
  readonly name: string;
  /** That reads its names: the dialect of the file, or another whose names cannot be mistaken. */
  readonly dialect: Dialect;
  readonly layer: LayerKind | undefined;
  readonly parts: ReadonlyMap<Part, NamedTensor>;
}

/** Every tensor of a file, sorted into modules and what stands outside them. */
export interface SortedTensors {
  readonly groups: readonly TensorGroup[];
  readonly extras: readonly ExtraTensor[];
  /** Modules of families that are only known by name, e.g. `LoKr` → its module names. */
  readonly families: ReadonlyMap<string, ReadonlySet<string>>;
  /** Modules with something kept beside their pair, e.g. `DoRA magnitude`. */
  readonly companions: ReadonlyMap<string, ReadonlySet<string>>;
}

type MutableGroup = { -readonly [K in keyof TensorGroup]: TensorGroup[K] } & {
  parts: Map<Part, NamedTensor>;
};

/**
 * Sorts the tensors of a file by module, in the order of the file. Decides module by module, because files
 * that mix layouts and kinds are common.
 *
 * @param spoken the dialect of the file
 * @param savedWhole names of modules that were saved beside the factors
 * @throws LoraError FORMAT when two tensors claim one part of a module
 */
export function sortTensors(file: TensorFile, spoken: Dialect, savedWhole: readonly string[]): SortedTensors {
  const groups = new Map<string, MutableGroup>();
  const others: { readonly named: NamedTensor; readonly other: OtherTensor | undefined }[] = [];
  for (const [name, tensor] of file.tensors) {
    const other = otherTensor(name);
    const read = other === undefined ? readTensor({ name, tensor }, spoken) : undefined;
    if (read === undefined)
      others.push({ named: { name, tensor }, other: other ?? unread({ name, tensor }) });
    else add(groups, read, { name, tensor });
  }
  const families = byModule(others, "family");
  const whole = [...groups.values()].filter(
    ({ parts }) => parts.size > 1 || !LONE.some((part) => parts.has(part)),
  );
  const lone = [...groups.values()].filter((group) => !whole.includes(group));
  return {
    groups: whole,
    extras: [
      ...others.map(({ named, other }) => ({
        ...named,
        why: other === undefined ? whyOutside(named.name, savedWhole) : whyOther(other),
      })),
      ...lone.flatMap(({ name, parts }) =>
        [...parts].map(([part, named]) => ({
          ...named,
          why: part === "alpha" ? whyLoneAlpha(name, families) : whyOutside(named.name, savedWhole),
        })),
      ),
    ],
    families,
    companions: byModule(others, "companion"),
  };
}

/** Parts that are no module alone: an alpha, and what may be the weight of any layer. */
const LONE: readonly Part[] = ["alpha", "ia3_weight", "rescale"];

interface ReadName {
  readonly dialect: Dialect;
  readonly parsed: ParsedName;
}

function readTensor(named: NamedTensor, spoken: Dialect): ReadName | undefined {
  return isVectorDifference(named) ? undefined : readName(named.name, spoken);
}

function unread(named: NamedTensor): OtherTensor | undefined {
  return isVectorDifference(named) ? undefined : unreadKind(named.name);
}

/** A difference with one axis is of a norm or a bias, which no product of matrices is. */
function isVectorDifference({ name, tensor }: NamedTensor): boolean {
  return name.endsWith(".diff") && tensor.shape.length < 2;
}

function readName(name: string, spoken: Dialect): ReadName | undefined {
  for (const dialect of [spoken, ...dialects.filter((other) => other.distinct)]) {
    const parsed = dialect.parse(name);
    if (parsed !== undefined) return { dialect, parsed };
  }
  return undefined;
}

function add(groups: Map<string, MutableGroup>, { dialect, parsed }: ReadName, named: NamedTensor): void {
  const { module, part, layer } = parsed;
  const group = groups.get(module) ?? { name: module, dialect, layer, parts: new Map<Part, NamedTensor>() };
  const rival = group.parts.get(part);
  if (rival !== undefined) {
    throw new LoraError("FORMAT", `two tensors are the ${part} factor of one module`, {
      tensor: named.name,
      rival: rival.name,
      module,
      advice: "keep one adapter a file: save them apart",
    });
  }
  group.layer ??= layer;
  group.parts.set(part, named);
  groups.set(module, group);
}

function byModule(
  others: readonly { readonly other: OtherTensor | undefined }[],
  role: OtherTensor["role"],
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { other } of others) {
    if (other?.role !== role) continue;
    const modules = found.get(other.what) ?? new Set();
    found.set(other.what, modules.add(other.module));
  }
  return found;
}

function whyOther({ what, role }: OtherTensor): string {
  return role === "family" ? `${what}: not handled yet` : what;
}

function whyLoneAlpha(module: string, families: SortedTensors["families"]): string {
  const family = [...families].find(([, modules]) => modules.has(module));
  return family === undefined ? "alpha of no pair" : `${family[0]}: not handled yet`;
}

function whyOutside(name: string, savedWhole: readonly string[]): string {
  const saved = savedWhole.some((whole) => name.split(".").includes(whole.split(".").at(-1)!));
  if (saved) return "saved whole (modules_to_save)";
  if (name.endsWith(".diff")) return "difference of a vector";
  return name.endsWith(".bias") ? "bias trained along" : "no part of a low-rank pair";
}
