import type { LoraConfig } from "./lora-config.ts";

/** Fields that hold a configuration of their own, or null. */
export type SubConfigField =
  | "eva_config"
  | "corda_config"
  | "lora_ga_config"
  | "velora_config"
  | "monteclora_config"
  | "use_bdlora"
  | "arrow_config"
  | "kasa_config";

/** What a caller gives of a configuration: any fields, and any fields of its parts. The rest is PEFT's default. */
export type LoraConfigOptions = Partial<Omit<LoraConfig, SubConfigField>> & {
  readonly [Field in SubConfigField]?: Partial<NonNullable<LoraConfig[Field]>> | null;
};
