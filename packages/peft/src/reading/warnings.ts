import type { SortedTensors } from "./sort-tensors.ts";

/** What a companion of a pair means for whoever changes the pair. */
const CONSEQUENCES: ReadonlyMap<string, string> = new Map([
  ["DoRA magnitude", "DoRA magnitudes are kept; they will not match the norms once ranks change"],
  ["bias of GLoRA", "changes of biases stand outside; they are part of no product here"],
  [
    "bias of the low-rank path (lora_bias)",
    "biases of the low-rank path are kept; they are part of no product here",
  ],
]);

/** What a reader must know of the tensors that stand outside the modules. */
export function warningsOf({
  families,
  companions,
}: Pick<SortedTensors, "families" | "companions">): string[] {
  const foreign = [...families].map(
    ([what, modules]) => `${counted(modules.size)} ${what}, which is not handled yet: carried unchanged`,
  );
  const beside = [...companions].flatMap(([what, modules]) => {
    const consequence = CONSEQUENCES.get(what);
    return consequence === undefined
      ? []
      : [
          `${modules.size === 1 ? "1 module has" : `${modules.size} modules have`} more than a pair: ${consequence}`,
        ];
  });
  return [...foreign, ...beside];
}

/** `1 module is`, `7 modules are` */
export function counted(modules: number): string {
  return modules === 1 ? "1 module is" : `${modules} modules are`;
}
