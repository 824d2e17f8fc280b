import type { LoraConfig } from "./lora-config.ts";

/** A rule between the fields of a configuration that is broken. */
export interface BrokenRule {
  readonly field: keyof LoraConfig;
  readonly message: string;
  readonly advice: string;
}

type Rule = (config: LoraConfig) => BrokenRule | undefined;

/** What may not come together, in the order in which PEFT looks. */
export const CONFIG_RULES: readonly Rule[] = [
  rho,
  tau,
  veloraNumbers,
  kasaNumbers,
  blockLists,
  arrowNumbers,
  montecloraNumbers,
  layersOfExpression,
  layersPatternAlone,
  doraOnMegatron,
  loftqWithoutConfig,
  biasOfInitialised,
  biasOfDora,
  variantsTogether,
];

function rho({ eva_config: eva }: LoraConfig): BrokenRule | undefined {
  if (eva === null || eva.rho >= 1) return undefined;
  return broken(
    "eva_config",
    `rho must be at least 1, and is ${eva.rho}`,
    "at 1, ranks are not moved between layers",
  );
}

function tau({ eva_config: eva }: LoraConfig): BrokenRule | undefined {
  if (eva === null || (eva.tau >= 0 && eva.tau <= 1)) return undefined;
  return broken(
    "eva_config",
    `tau must be from 0 to 1, and is ${eva.tau}`,
    "it is a cosine; PEFT's default is 0.99",
  );
}

function veloraNumbers({ velora_config: velora }: LoraConfig): BrokenRule | undefined {
  if (velora === null) return undefined;
  return aboveZero("velora_config", { num_groups: velora.num_groups, scale: velora.scale });
}

function kasaNumbers({ kasa_config: kasa }: LoraConfig): BrokenRule | undefined {
  if (kasa === null) return undefined;
  const found = Object.entries({ beta: kasa.beta, gamma: kasa.gamma }).find(([, value]) => value < 0);
  if (found === undefined) return undefined;
  return broken(
    "kasa_config",
    `${found[0]} must not be below 0, and is ${found[1]}`,
    "it is the weight of a loss",
  );
}

function blockLists({ use_bdlora: blocks }: LoraConfig): BrokenRule | undefined {
  const both =
    blocks?.target_modules_bd_a?.filter((name) => blocks.target_modules_bd_b?.includes(name)) ?? [];
  if (both.length === 0) return undefined;
  const message = `${both.join(", ")} cannot have both a block-diagonal A and a block-diagonal B`;
  return broken("use_bdlora", message, "name it in target_modules_bd_a or in target_modules_bd_b");
}

function arrowNumbers({ arrow_config: arrow }: LoraConfig): BrokenRule | undefined {
  if (arrow === null) return undefined;
  return aboveZero("arrow_config", { top_k: arrow.top_k, router_temperature: arrow.router_temperature });
}

function montecloraNumbers({ monteclora_config: samples }: LoraConfig): BrokenRule | undefined {
  if (samples === null) return undefined;
  const { num_samples, dirichlet_prior, buffer_size } = samples;
  return aboveZero("monteclora_config", { num_samples, dirichlet_prior, buffer_size });
}

function layersOfExpression(config: LoraConfig): BrokenRule | undefined {
  if (typeof config.target_modules !== "string") return undefined;
  const fields = ["layers_to_transform", "layers_pattern"] as const;
  const field = fields.find((name) => config[name] !== null);
  if (field === undefined) return undefined;
  const message = `${field} goes with a list of target_modules, and target_modules is "${config.target_modules}"`;
  return broken(field, message, "say the layers in the expression, or list the targets");
}

function layersPatternAlone(config: LoraConfig): BrokenRule | undefined {
  const pattern = config.layers_pattern;
  if (pattern === null || pattern.length === 0 || config.layers_to_transform !== null) return undefined;
  const message = "layers_pattern says where layers are numbered, and layers_to_transform names none";
  return broken("layers_pattern", message, "give layers_to_transform too, or leave layers_pattern out");
}

function doraOnMegatron(config: LoraConfig): BrokenRule | undefined {
  if (!config.use_dora || Object.keys(config.megatron_config ?? {}).length === 0) return undefined;
  return broken(
    "use_dora",
    "DoRA has no form for Megatron's layers",
    "leave use_dora or megatron_config out",
  );
}

function loftqWithoutConfig(config: LoraConfig): BrokenRule | undefined {
  if (config.init_lora_weights !== "loftq" || Object.keys(config.loftq_config).length > 0) return undefined;
  const message = "the initialisation loftq needs loftq_config, and it is empty";
  return broken("loftq_config", message, 'give it, e.g. { "loftq_bits": 4, "loftq_iter": 1 }');
}

function biasOfInitialised(config: LoraConfig): BrokenRule | undefined {
  const init = config.init_lora_weights;
  if (!config.lora_bias || typeof init === "boolean") return undefined;
  const message = `lora_bias goes with init_lora_weights true or false, and it is ${init}`;
  return broken("lora_bias", message, "leave lora_bias or the initialisation out");
}

function biasOfDora(config: LoraConfig): BrokenRule | undefined {
  if (!config.lora_bias || !config.use_dora) return undefined;
  return broken("lora_bias", "lora_bias has no meaning with DoRA", "leave lora_bias or use_dora out");
}

/** PEFT refuses these when it makes the layers, and no layer of it takes two. */
function variantsTogether(config: LoraConfig): BrokenRule | undefined {
  const asked = {
    use_dora: config.use_dora,
    velora_config: config.velora_config !== null,
    alora_invocation_tokens: (config.alora_invocation_tokens ?? []).length > 0,
    monteclora_config: config.monteclora_config !== null,
    use_bdlora: config.use_bdlora !== null,
    arrow_config: config.arrow_config !== null,
    kasa_config: config.kasa_config !== null,
    use_qalora: config.use_qalora,
    "init_lora_weights mica": config.init_lora_weights === "mica",
  };
  const variants = Object.entries(asked).flatMap(([field, isAsked]) => (isAsked ? [field] : []));
  if (variants.length < 2) return undefined;
  const message = `the variants ${variants.join(" and ")} exclude each other`;
  return broken(variants[0] as keyof LoraConfig, message, "choose one of them");
}

function aboveZero(
  field: keyof LoraConfig,
  values: Readonly<Record<string, number>>,
): BrokenRule | undefined {
  const found = Object.entries(values).find(([, value]) => value <= 0);
  if (found === undefined) return undefined;
  return broken(field, `${found[0]} must be above 0, and is ${found[1]}`, `correct ${field}.${found[0]}`);
}

function broken(field: keyof LoraConfig, message: string, advice: string): BrokenRule {
  return { field, message, advice };
}
