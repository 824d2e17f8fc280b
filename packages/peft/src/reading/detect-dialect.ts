import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { Detection } from "../adapter.ts";
import { peftType } from "../config/peft-config.ts";
import { isReadMethod, otherMethod } from "../config/peft-methods.ts";
import type { Dialect } from "../dialects/_dialect.ts";
import { dialects } from "../dialects/_index.ts";

/** By less than this the names do not tell two dialects apart. */
const CLEAR_LEAD = 0.1;

/**
 * How sure each dialect is of a file, surest first. Reads names and texts only.
 *
 * @returns every dialect, those that claim nothing with confidence 0
 */
export function detectDialects(file: TensorFile): readonly Detection[] {
  const names = [...file.tensors.keys()];
  return dialects.map((dialect) => dialect.score(names, file)).sort((a, b) => b.confidence - a.confidence);
}

/**
 * The dialect with this id.
 *
 * @throws LoraError USAGE when there is none
 */
export function dialectById(id: string): Dialect {
  const dialect = dialects.find((candidate) => candidate.id === id);
  if (dialect !== undefined) return dialect;
  const known = dialects.map((candidate) => candidate.id);
  throw new LoraError("USAGE", `no dialect is called ${id}`, {
    dialect: id,
    advice: `use one of ${known.join(", ")}`,
  });
}

/**
 * The surest dialect of a file, or the one that is asked for.
 *
 * @returns undefined where no dialect reads its names; dialects that fit nearly as well are among the reasons
 * @throws LoraError USAGE when the one asked for does not exist; UNSUPPORTED when PEFT's configuration names
 *   a method that is not read
 */
export function detectDialect(file: TensorFile, wanted?: string): Detection | undefined {
  if (wanted !== undefined) {
    return { dialect: dialectById(wanted).id, confidence: 1, reasons: ["asked for by the caller"] };
  }
  const type = peftType(file);
  if (type !== undefined && !isReadMethod(type)) throw otherMethod(type);
  const [best, ...others] = detectDialects(file);
  if (best === undefined || best.confidence === 0) return undefined;
  const rivals = others.filter(({ confidence }) => confidence > best.confidence - CLEAR_LEAD);
  const also = rivals.map(({ dialect, confidence }) => `${dialect} fits as well (${confidence.toFixed(2)})`);
  return { ...best, reasons: [...best.reasons, ...also] };
}
