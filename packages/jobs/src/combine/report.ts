import { LoraError } from "@lora/tensor";
import { norm, relative } from "../arithmetic.ts";
import { extraSummary, fileSummary, rankSummary } from "../summaries.ts";
import type { CombinedModule, CombineReport } from "./combine-report.ts";
import type { CombinePlan, WrittenModule } from "./combined-file.ts";
import { adapterPairs, responses } from "./adapter-pairs.ts";
import { combineWarnings } from "./combine-warnings.ts";
import { outputDType } from "./output-modules.ts";
import { recipeTitle } from "./recipe.ts";
import { updatesOf } from "./updates-of.ts";

/** Of a module that is left out: its result is zero. */
const NOTHING: WrittenModule = { rank: 0, error: 0, norm: 0, distance: 0, sumNorm: 0 };

/** The report of a written output. */
export function combineReport(
  plan: CombinePlan,
  written: ReadonlyMap<string, WrittenModule>,
  place: { readonly path: string; readonly bytes: number },
): CombineReport {
  const { weighted, recipe, output } = plan;
  const names = [...output.targets.keys()];
  const outcomes = names.map((name) => outcome(plan, written, name));
  const modules = names.map((name, index) => combinedModule(plan, name, outcomes[index]!));
  const dropped = modules.filter(({ rankAfter }) => rankAfter === 0);
  const [first, ...others] = weighted;
  const total = (of: keyof WrittenModule): number => norm(outcomes.map((one) => one[of]));
  return {
    job: "combine",
    inputs: inputSummaries(plan),
    method: { id: recipe.method, title: recipeTitle(recipe), compat: recipe.compat ?? null },
    interference: adapterPairs(plan),
    output: {
      ...place,
      dialect: first!.adapter.detection.dialect,
      rank: rankSummary(modules.map(({ rankAfter }) => rankAfter).filter((rank) => rank > 0)),
      dtype: dtypesOf(plan).join(", "),
    },
    relativeErrorFrobenius: relative(total("error"), total("norm")),
    distanceFromSum: relative(total("distance"), total("sumNorm")),
    modules,
    dropped: dropped.map(({ name }) => ({ name, reason: "its update is zero" })),
    passedThrough: first!.adapter.extras.map(extraSummary),
    leftOut: others.flatMap(({ adapter, given = adapter }) =>
      given.extras.map((extra) => ({ ...extraSummary(extra), file: given.file.name })),
    ),
    warnings: combineWarnings(plan),
  };
}

function inputSummaries(plan: CombinePlan): CombineReport["inputs"] {
  const response = responses(plan);
  return plan.weighted.map(({ adapter, given = adapter, weight }, index) => ({
    ...fileSummary(given.file),
    weight,
    dialect: given.detection.dialect,
    rank: rankSummary(given.modules.map(({ rank }) => rank)),
    response: response[index]!,
  }));
}

function dtypesOf({ output, dtype }: CombinePlan): string[] {
  return [...new Set([...output.targets.values()].map((target) => outputDType(target, dtype)))].sort();
}

function outcome(
  { measured }: CombinePlan,
  written: ReadonlyMap<string, WrittenModule>,
  name: string,
): WrittenModule {
  const found = written.get(name) ?? (measured.get(name)!.rank === 0 ? NOTHING : undefined);
  if (found !== undefined) return found;
  throw new LoraError("USAGE", `the report was asked for before the combined module ${name} was written`, {
    advice: "write the whole file first",
  });
}

function combinedModule(
  { output, weighted, measured }: CombinePlan,
  name: string,
  done: WrittenModule,
): CombinedModule {
  const target = output.targets.get(name)!;
  const { owners } = updatesOf(target, weighted);
  const { pairs, predictedLoss } = measured.get(name)!;
  return {
    name,
    ranks: target.members.map((member) => member?.rank ?? 0),
    rankAfter: done.rank,
    cosines: pairs.map(({ i, j, cosine }) => ({ a: owners[i]!, b: owners[j]!, cosine })),
    predictedLoss,
    relativeErrorFrobenius: relative(done.error, done.norm),
    distanceFromSum: relative(done.distance, done.sumNorm),
  };
}
