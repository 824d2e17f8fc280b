import type { TensorFile } from "@lora/tensor";
import type { Component } from "../adapter.ts";
import type { JsonObject } from "../config/json-text.ts";
import { parseObject } from "../config/json-text.ts";
import { loraConfigOf } from "../config/lora-config-text.ts";
import type { LoraScales } from "../config/lora-scales.ts";
import { storedScales } from "../config/lora-scales.ts";
import { numberSpellings } from "../config/number-spellings.ts";
import { HEADER_CONFIG } from "../config/peft-config.ts";
import { pythonJson } from "../config/python-json.ts";
import type { ResolvedLoraConfig } from "../config/resolve-lora-config.ts";
import { updatedScales } from "../config/updated-scales.ts";
import type { WrittenModule } from "./_dialect.ts";
import { PIPELINE_PREFIXES } from "./_places.ts";

/** The configuration of one component, as the header of the file keeps it. */
export interface HeaderConfig extends ResolvedLoraConfig {
  /** Of its fields in the header: `unet.`, or nothing where the fields stand bare. */
  readonly prefix: string;
  readonly component: Component;
  readonly scales: LoraScales;
}

/**
 * Reads `lora_adapter_metadata`: one JSON object whose fields are those of PEFT's `LoraConfig`, preceded by the
 * component, e.g. `transformer.r`.
 *
 * @throws LoraError FORMAT when it is not JSON, a field has the wrong type or a rule between fields is broken
 * @see diffusers loaders/lora_base.py _pack_dict_with_prefix
 */
export function headerConfigs(file: TensorFile): readonly HeaderConfig[] {
  const text = file.metadata.get(HEADER_CONFIG);
  if (text === undefined) return [];
  const fields = parseObject(text, HEADER_CONFIG);
  const prefixes = [...PIPELINE_PREFIXES, ["", "model"] as const];
  return prefixes
    .filter(([prefix]) => Object.hasOwn(fields, `${prefix}r`))
    .map(([prefix, component]) => {
      const resolved = loraConfigOf(withoutPrefix(fields, prefix), HEADER_CONFIG);
      return { ...resolved, prefix, component, scales: storedScales(resolved.config, HEADER_CONFIG) };
    });
}

/** The header's metadata with these modules' ranks and alphas in it; the same map where it has no configuration. */
export function updatedHeader(
  file: TensorFile,
  modules: readonly WrittenModule[],
): ReadonlyMap<string, string> {
  const text = file.metadata.get(HEADER_CONFIG);
  if (text === undefined) return file.metadata;
  const configs = headerConfigs(file);
  let fields = parseObject(text, HEADER_CONFIG);
  for (const { prefix, component } of configs) {
    const own = modules.filter((written) => configs.length === 1 || written.module.component === component);
    fields = updatedScales(fields, scalesByPath(own), prefix);
  }
  return new Map(file.metadata).set(
    HEADER_CONFIG,
    pythonJson(fields, { sorted: false, spellings: numberSpellings(text) }),
  );
}

/** Ranks and alphas of the modules whose scale is in a configuration. */
export function scalesByPath(
  modules: readonly WrittenModule[],
): Map<string, { rank: number; alpha: number }> {
  const scales = new Map<string, { rank: number; alpha: number }>();
  for (const { module, rank, alpha } of modules) {
    if (module.scaleSource === "config" && alpha !== undefined) scales.set(module.path, { rank, alpha });
  }
  return scales;
}

function withoutPrefix(fields: JsonObject, prefix: string): JsonObject {
  const own = Object.entries(fields).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
