import type { CombineMethod } from "./_method.ts";
import { withoutEnds } from "./_sparsifiers.ts";

/** As `breadcrumbs`, and the updates that agree with the winning sign of an entry are averaged. */
export const breadcrumbsTies: CombineMethod = {
  id: "breadcrumbs_ties",
  title: "Trims small entries and outliers, elects a sign, averages those that agree",
  source: "Model Breadcrumbs: Davari & Belilovsky 2023, arXiv 2312.06795; TIES: arXiv 2306.01708",
  options: ["density", "outliers", "sign"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: withoutEnds(options),
    merge: "elect",
    sign: options.sign ?? "total",
  }),
};
