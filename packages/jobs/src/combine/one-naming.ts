import { canonicalTarget, finestPieces, readAdapter } from "@lora/peft";
import { convert } from "../convert/convert.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { WeightedAdapter } from "./inputs.ts";

/**
 * The adapters under names by which one weight has one module: those whose names fuse or call layers otherwise than the first's
 * are converted to its dialect, in f32, and the first itself where its file has names that its dialect does not write.
 *
 * @throws LoraError as `convert` does
 */
export async function inOneNaming(
  weighted: readonly WeightedAdapter[],
  context: RunContext,
): Promise<readonly WeightedAdapter[]> {
  const [first, ...others] = weighted.map(named);
  if (first === undefined || !others.some((other) => isNamedOtherwise(first, other))) return weighted;
  const to = first.of.adapter.detection.dialect;
  const renamed = await Promise.all(
    others.map(async (other) =>
      isNamedOtherwise(first, other) ? inDialect(other.of, to, context) : other.of,
    ),
  );
  const isRight = !renamed.some((other) => clash(first, named(other)));
  return [isRight ? first.of : await inDialect(first.of, to, context), ...renamed];
}

/** An adapter and its weights: by what they are called in diffusers or transformers, and in the adapter. */
interface Named {
  readonly of: WeightedAdapter;
  readonly names: ReadonlyMap<string, string>;
}

function named(of: WeightedAdapter): Named {
  const pieces = finestPieces(of.adapter);
  const names = new Map(pieces.map((piece) => [canonicalTarget(piece), canonicalTarget(piece.whole)]));
  return { of, names };
}

function isNamedOtherwise(a: Named, b: Named): boolean {
  const dialects = [a, b].map(({ of }) => of.adapter.detection.dialect);
  return (dialects[0] !== dialects[1] && [a, b].some(hasOwnNames)) || clash(a, b);
}

/** Whether names are others than those of diffusers and transformers, past prefixes and underscores. */
function hasOwnNames({ names }: Named): boolean {
  return [...names].some(([piece, own]) => piece !== own);
}

/** Whether both change rows of one weight under two names. */
function clash(a: Named, b: Named): boolean {
  return [...b.names].some(([piece, own]) => (a.names.get(piece) ?? own) !== own);
}

/** The same updates under the names of a dialect; the stored type stays what is told of it. */
async function inDialect(
  { adapter, weight }: WeightedAdapter,
  to: string,
  context: RunContext,
): Promise<WeightedAdapter> {
  const { detection, file, warnings, modules } = adapter;
  const { file: made } = await convert(file, { to, from: detection.dialect, dtype: "f32" }, context);
  const read = await readAdapter(made, { dialect: to, signal: context.signal });
  const types = new Set(modules.map(({ dtype }) => dtype));
  const [dtype] = types.size === 1 ? types : ["f32" as const];
  const told = `its layers are taken in the names of ${to}, where ${detection.dialect} fuses or calls them otherwise`;
  return {
    weight,
    given: adapter,
    adapter: {
      ...read,
      modules: read.modules.map((module) => ({ ...module, dtype: dtype! })),
      warnings: [...warnings, told],
    },
  };
}
