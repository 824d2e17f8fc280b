/** What of the metadata can be stripped at once, by name. */
export const STRIP_GROUPS: Readonly<Record<string, (key: string) => boolean>> = {
  all: (key) => key !== CONFIG,
  training: (key) => (key.startsWith("ss_") && !KEPT.has(key)) || TRAINING.has(key),
  datasets: (key) => DATASETS.has(key),
  thumbnail: (key) => key === "modelspec.thumbnail" || key === "ssmd_cover_images",
  hashes: (key) => key.startsWith("sshs_") || key === "modelspec.hash_sha256",
  modelspec: (key) => key.startsWith("modelspec."),
  provenance: (key) => PROVENANCE.has(key),
};

/** PEFT's configuration as diffusers keeps it in the header: the scale of the updates, and no description. */
const CONFIG = "lora_adapter_metadata";

/** What web UIs tell the kind of an adapter by: what kohya's `--no_metadata` still writes. */
const KEPT: ReadonlySet<string> = new Set([
  "ss_v2",
  "ss_base_model_version",
  "ss_network_module",
  "ss_network_dim",
  "ss_network_alpha",
  "ss_network_args",
]);

const TRAINING: ReadonlySet<string> = new Set(["training_info", "software"]);

/** What tells of the pictures and captions, and where they were. */
const DATASETS: ReadonlySet<string> = new Set([
  "ss_dataset_dirs",
  "ss_reg_dataset_dirs",
  "ss_datasets",
  "ss_tag_frequency",
  "ss_bucket_info",
]);

const PROVENANCE: ReadonlySet<string> = new Set(["lora.provenance", "resize_params", "combine_params"]);
