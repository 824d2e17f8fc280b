import { bytesText } from "../../format/bytes-text.ts";

/** One thing the metadata says, under a heading. */
export interface MetadataEntry {
  readonly group: string;
  readonly key: string;
  readonly text: string;
}

/** Keys of sd-scripts by what they are about, in the order in which people look for them. */
const GROUPS: readonly (readonly [group: string, keys: RegExp])[] = [
  [
    "About",
    /^modelspec\.|^(title|name|author|description|trigger|format)|^ss_(output_name|training_comment)/u,
  ],
  ["Base", /^ss_(sd_model|new_sd_model|vae|new_vae|base_model)|^ss_(v2|clip_skip|sd_scripts_commit_hash)/u],
  ["Network", /^ss_network|^r$|^lora_|^(peft_type|task_type|target_modules|use_)/u],
  ["Run", /^ss_(session|training|epoch|steps|max_train|num_epochs|seed|num_train|num_reg|num_batches)/u],
  [
    "Optimiser",
    /^ss_(learning|unet_lr|text_encoder_lr|optimizer|lr_|max_grad|gradient|mixed|full_|lowram|cache)/u,
  ],
  ["Noise", /noise|snr|^ss_(prior_loss|loss|huber|debiased|ip_|scale_weight)/u],
  [
    "Data",
    /^ss_(dataset|datasets|tag|reg_|bucket|batch|total_batch|resolution|caption|shuffle|keep|flip|color|random|face)/u,
  ],
];

/** Metadata and config as people read it: by subject, times as dates, JSON spaced out. */
export function readableMetadata(
  metadata: Readonly<Record<string, string>>,
  config: unknown,
): MetadataEntry[] {
  const fromConfig = Object.entries((config ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ({
      group: "adapter_config.json",
      key,
      text: typeof value === "string" ? value : JSON.stringify(value),
    }));
  const fromFile = Object.entries(metadata).map(([key, value]) => ({
    group: groupOf(key),
    key,
    text: readable(key, value),
  }));
  const order = (group: string): number => {
    const place = GROUPS.findIndex(([name]) => name === group);
    return place === -1 ? GROUPS.length : place;
  };
  return [...fromFile.sort((a, b) => order(a.group) - order(b.group)), ...fromConfig];
}

function groupOf(key: string): string {
  return GROUPS.find(([, keys]) => keys.test(key))?.[0] ?? "Other";
}

function readable(key: string, value: string): string {
  const head = /^data:([\w.+/-]+);base64,/u.exec(value.slice(0, 64));
  if (head !== null) return `${head[1]}, ${bytesText(((value.length - head[0].length) * 3) / 4)}`;
  if (key.endsWith("_at") && /^\d{9,11}(\.\d+)?$/u.test(value)) {
    return new Date(Number(value) * 1000).toISOString().replace("T", " ").slice(0, 16);
  }
  if (!/^\s*[[{]/u.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 1);
  } catch {
    return value;
  }
}
