/** A folder whose files are extensions, and the list generated from it. */
export interface Registry {
  readonly folder: string;
  /** Name of the list. */
  readonly list: string;
  /** Type of its entries, and the file of the folder that declares it. */
  readonly entry: { readonly type: string; readonly file: string };
}

/** Every such folder; one that does not exist yet is passed over. */
export const registries: readonly Registry[] = [
  row("packages/tensor/src/codec", "codecs", "Codec", "_codec.ts"),
  row("packages/io/src/formats", "formats", "Format", "_format.ts"),
  row("packages/peft/src/kinds", "kinds", "Kind", "_kind.ts"),
  row("packages/peft/src/dialects", "dialects", "Dialect", "_dialect.ts"),
  row("packages/peft/src/architectures", "architectures", "Architecture", "_architecture.ts"),
  row("packages/peft/src/layouts", "layouts", "Layout", "_layout.ts"),
  row("packages/peft/src/writers", "writers", "Writer", "_writer.ts"),
  row("packages/peft/src/combine", "combineMethods", "CombineMethod", "_method.ts"),
  row("packages/peft/src/rank", "rankRules", "RankRule", "_rank-rule.ts"),
  row("packages/peft/src/init", "initialisers", "Initialiser", "_initialiser.ts"),
  row("packages/metrics/src/metrics", "metrics", "Metric", "_metric.ts"),
  row("packages/webgpu/src/kernels", "kernels", "Kernel", "_kernel.ts"),
  row("apps/cli/src/commands", "commands", "Command", "_command.ts"),
  row("apps/web/src/actions", "actions", "Action", "_action.ts"),
];

function row(folder: string, list: string, type: string, file: string): Registry {
  return { folder, list, entry: { type, file } };
}
