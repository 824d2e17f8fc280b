export { convertedFile } from "./converted-file.ts";
export type { ConvertedFactors } from "./converted-file.ts";
export { finestPieces } from "./finest-pieces.ts";
export type { ModulePiece } from "./finest-pieces.ts";
export { planConversion } from "./plan-conversion.ts";
export type { ConversionOptions, ConversionPlan, PlannedModule, Slot } from "./plan-conversion.ts";
export { writers } from "../writers/_index.ts";
export type { Writer } from "../writers/_writer.ts";
