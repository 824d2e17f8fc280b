import { safetensorsFileBytes } from "@lora/io";
import { checkOutput, writeFile } from "@lora/io/node";
import { init, type InitOptions, type InitOutput, type Share } from "@lora/jobs";
import { LoraError, type TensorFile } from "@lora/tensor";
import type { InitFlags } from "./commands/_init-flags.ts";
import { pullAll } from "./pull-all.ts";
import type { Session } from "./session.ts";
import { writeParts } from "./write-parts.ts";
import { initView } from "./views/init-view.ts";

/**
 * Opens the base, makes the adapter, writes the changed base where there is one and then the adapter, and prints the
 * report; a dry run makes the same values and keeps none. What cannot be written is refused before any work.
 *
 * @throws LoraError USAGE when the method changes the base and no place for that is named, or changes none and one
 * is; as `init` and `writeFile` do
 */
export async function initFile(flags: InitFlags, session: Session): Promise<void> {
  const base = await session.open(flags.base);
  const open = async (path: string | undefined): Promise<TensorFile | undefined> =>
    path === undefined ? undefined : session.open(path);
  if (flags.shard !== undefined) return initShare({ base, open, share: flags.shard }, flags, session);
  const output = await init(
    base,
    {
      ...initOptions(flags, session.seed),
      activations: await open(flags.activations),
      gradients: await open(flags.gradients),
    },
    session.context,
  );
  const dryRun = flags.dryRun === true;
  if (!dryRun) demandPlaces(flags, output);
  const write = dryRun ? plan : await writer(flags, output);
  // The base first: with it, every module is worked on once.
  const changed = output.base && (await write(output.base, flags.residualBase, session));
  const adapter = await write(output.adapter, flags.out && folderOf(flags.out), session);
  const report = output.report({ adapter, base: changed });
  session.print(report, (terminal) => initView(report, terminal, { dryRun }));
}

function initOptions(flags: InitFlags, seed: number): InitOptions {
  const { method, rank, alpha = rank, rslora = false, targetModules, targetPattern, excludeModules } = flags;
  const all = targetModules?.length === 1 && targetModules[0] === "all-linear";
  return {
    method,
    options: flags.set,
    eva: { rho: flags.rho, tau: flags.tau },
    dtype: flags.dtype,
    seed,
    config: {
      r: rank,
      lora_alpha: alpha,
      use_rslora: rslora,
      fan_in_fan_out: flags.fanInFanOut === true,
      target_modules: targetPattern ?? (all ? "all-linear" : (targetModules ?? null)),
      exclude_modules: excludeModules ?? null,
    },
  };
}

interface InitShare {
  readonly base: TensorFile;
  readonly open: (path: string | undefined) => Promise<TensorFile | undefined>;
  readonly share: Share;
}

/** Where the method keeps the base, nothing is written to the place of a changed one. */
async function initShare(
  { base, open, share }: InitShare,
  flags: InitFlags,
  session: Session,
): Promise<void> {
  const { activations: __, gradients: _, ...options } = initOptions(flags, session.seed);
  const files = new Map([["base", base]]);
  for (const role of ["activations", "gradients"] as const) {
    const file = await open(flags[role]);
    if (file !== undefined) files.set(role, file);
  }
  const { out = "", residualBase, force } = flags;
  const targets = new Map([
    ["", out],
    ...(residualBase === undefined ? [] : [["base", residualBase] as const]),
  ]);
  await writeParts({ job: { job: "init", options }, files, share }, { targets, force }, { session });
}

function demandPlaces({ method, residualBase }: InitFlags, { base }: InitOutput): void {
  if (base !== undefined && residualBase === undefined) {
    throw new LoraError("USAGE", `${method} changes the base, and nothing says where that goes`, {
      method,
      advice: "name a place with --residual-base: the adapter is for that base only",
    });
  }
  if (base === undefined && residualBase !== undefined) {
    throw new LoraError("USAGE", `${method} keeps the base as it is`, {
      method,
      advice: "leave --residual-base out",
    });
  }
}

type Write = (
  file: TensorFile,
  path: string | undefined,
  session: Session,
) => Promise<{ path: string; bytes: number }>;

/** Looks at both places first, so that a long run does not end at the second. */
async function writer(flags: InitFlags, { adapter, base }: InitOutput): Promise<Write> {
  const inputs = [flags.base, flags.activations, flags.gradients].filter((path) => path !== undefined);
  const place = { force: flags.force === true, inputs };
  await checkOutput(adapter, folderOf(flags.out!), place);
  if (base !== undefined) await checkOutput(base, flags.residualBase!, place);
  return (file, path, { context }) => writeFile(file, path!, { ...place, ...context });
}

const plan: Write = async (file, path, { context }) => {
  await pullAll(file, context);
  return { path: path ?? "(no name given)", bytes: safetensorsFileBytes(file.tensors, file.metadata) };
};

/** An adapter of PEFT is a folder, whatever it is called. */
function folderOf(path: string): string {
  return path.endsWith(".safetensors") || path.endsWith("/") ? path : `${path}/`;
}
