import type { CombineMethod } from "./_method.ts";
import { withoutEnds } from "./_sparsifiers.ts";

/** Of each update the smallest entries go, and the very largest; the others are added. */
export const breadcrumbs: CombineMethod = {
  id: "breadcrumbs",
  title: "Trims small entries and outliers, then adds",
  source: "Model Breadcrumbs: Davari & Belilovsky 2023, arXiv 2312.06795",
  options: ["density", "outliers"],
  rank: "sum",
  bind: (options) => ({
    kind: "entries",
    sparsifier: withoutEnds(options),
    merge: "sum",
    sign: options.sign ?? "total",
  }),
};
