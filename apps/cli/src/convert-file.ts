import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeGguf } from "@lora/io";
import { checkOutput, fileSink, writeFile } from "@lora/io/node";
import { convert, type ConvertOptions, type ConvertOutput, ggufContent } from "@lora/jobs";
import { LoraError } from "@lora/tensor";
import type { ConvertFlags } from "./commands/_convert-flags.ts";
import { EXIT } from "./errors/exit-code.ts";
import { isFolder } from "./is-folder.ts";
import { outputPath } from "./output-path.ts";
import type { Session } from "./session.ts";
import { convertView } from "./views/convert-view.ts";

/** Dialects whose scales are in a configuration beside the weights. */
const WITH_CONFIG = ["peft", "mlx"];
const COMPONENTS = ["model", "unet", "transformer", "te1", "te2", "te3"] as const;

/**
 * Opens an adapter, writes it in another dialect, reads it back, compares the two and prints what came of it.
 *
 * @returns the exit code: 3 when an update is not what it was
 * @throws LoraError as `convert` and `writeFile` do
 */
export async function convertFile(
  path: string,
  flags: ConvertFlags & { readonly out: string },
  session: Session,
): Promise<number> {
  const target = await targetOf(path, flags);
  const place = { force: flags.force === true, inputs: [path] };
  if (!target.endsWith(".gguf")) await checkOutput(withSidecars(flags.to), target, place);
  const options = await optionsOf(flags, session);
  const output = await convert(await session.open(path), options, session.context);
  const written = await write(output, target, { ...place, ...session.context });
  const report = await output.verify(await session.open(written.path), written, session.context);
  session.print(report, (terminal) => convertView(report, terminal));
  return report.passed ? EXIT.done : EXIT.verification;
}

async function optionsOf(flags: ConvertFlags, session: Session): Promise<ConvertOptions> {
  const { to, from, base, components, rank, error, padRank, dtype, tolerance } = flags;
  return {
    to,
    from,
    base: base === undefined ? undefined : await session.open(base),
    components: components?.map(component),
    rank,
    error,
    padRank,
    dtype,
    tolerance,
  };
}

function component(name: string): (typeof COMPONENTS)[number] {
  const known = COMPONENTS.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new LoraError("USAGE", `no component is called ${name}`, {
    flag: "--components",
    advice: `use one of ${COMPONENTS.join(", ")}`,
  });
}

async function targetOf(path: string, { out, to }: ConvertFlags & { readonly out: string }): Promise<string> {
  const folder = await isFolder(out);
  if (to === "gguf") {
    if (out.endsWith(".gguf") && !folder) return out;
    throw new LoraError("USAGE", "a GGUF adapter is a file whose name ends in .gguf", {
      file: out,
      advice: "end the name with .gguf",
    });
  }
  return outputPath({
    out,
    isFolder: folder,
    input: path,
    suffix: "",
    hasSidecars: WITH_CONFIG.includes(to),
  });
}

function withSidecars(to: string): Parameters<typeof checkOutput>[0] {
  return { sidecars: new Map(WITH_CONFIG.includes(to) ? [["adapter_config.json", ""]] : []) };
}

async function write(
  { file, container, fileName }: ConvertOutput,
  target: string,
  options: Parameters<typeof writeFile>[2] & { readonly force: boolean },
): Promise<{ readonly path: string; readonly bytes: number }> {
  if (container === "gguf") return writeGgufFile(file, target, options);
  const isFile = fileName === undefined || target.endsWith(".safetensors");
  if (!isFile) await mkdir(target, { recursive: true });
  return writeFile(file, isFile ? target : join(target, fileName), options);
}

async function writeGgufFile(
  file: ConvertOutput["file"],
  path: string,
  options: Parameters<typeof writeFile>[2] & { readonly force: boolean },
): Promise<{ readonly path: string; readonly bytes: number }> {
  const sink = await fileSink(path, { force: options.force });
  try {
    const bytes = await writeGguf(sink, ggufContent(file), options);
    await sink.commit();
    return { path, bytes };
  } catch (error) {
    await sink.abort();
    throw error;
  }
}
