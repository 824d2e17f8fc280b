// What a preview costs once the spectra are there: 986 modules (an SDXL file with both text encoders), each rule in turn.
//
//   pnpm bench:what-if
import {
  adapterSpectra,
  type AdapterSpectra,
  type ModuleHeader,
  Previewer,
  type ResizeFlags,
  resizeTasks,
} from "../src/index.ts";
import { tensorFile, tensorOfBytes, tensorOfValues } from "@lora/tensor";

const [MODULES, SIZE, ROUNDS] = [986, 640, 30];

const RULES: readonly ResizeFlags[] = [
  { rank: 8 },
  { energy: 0.9 },
  { recipe: "spn_lora=1,thr=-1" },
  { recipe: "spn_ckpt=0.5,subspace=0.5,thr=-1.5" },
  { recipe: "spn_ckpt=0.5,subspace=0.5,size=20" },
];

/** The header of one real layout with made-up spectra: previews look at nothing else. */
async function made(rank: number): Promise<AdapterSpectra> {
  const module = (index: number): string =>
    `lora_unet_input_blocks_4_1_transformer_blocks_${index}_attn1_to_q`;
  const [factor, alpha] = [new Uint8Array(2 * rank * SIZE), tensorOfValues([rank], "f16", [])];
  const tensors = Array.from({ length: MODULES }, (_, index) => [
    [`${module(index)}.alpha`, alpha] as const,
    [`${module(index)}.lora_down.weight`, tensorOfBytes(factor, "f16", [rank, SIZE])] as const,
    [`${module(index)}.lora_up.weight`, tensorOfBytes(factor, "f16", [SIZE, rank])] as const,
  ]).flat();
  const { header } = await adapterSpectra(
    tensorFile({ name: "made.safetensors", tensors: tensors.slice(0, 3), metadata: [] }),
  );
  const [first] = header.modules;
  const renamed = (index: number): typeof first => ({
    ...first!,
    name: module(index),
    parts: new Map(
      Array.from(first!.parts, ([part, { name, tensor }]) => [
        part,
        { name: name.replace(module(0), module(index)), tensor },
      ]),
    ),
  });
  const modules = Array.from({ length: MODULES }, (_, index) => renamed(index)!);
  const spectra = modules.map(({ name, layer }, index) => spectrum(rank, { name, layer }, index));
  const headers = new Map(
    tensors.map(([name, { dtype, shape, byteLength }]) => [name, { dtype, shape, byteLength }]),
  );
  const metadata = new Map([
    ["ss_network_dim", String(rank)],
    ["ss_tag_frequency", JSON.stringify({ words: "word, ".repeat(10_000) })],
  ]);
  const origin = { tool: "bench", inputs: [], models: [] };
  return { header: { ...header, tensors: headers, metadata, modules }, spectra, origin };
}

/** A spectrum that falls, and facts of a base. */
function spectrum(
  rank: number,
  module: Pick<ModuleHeader, "name" | "layer">,
  index: number,
): AdapterSpectra["spectra"][number] {
  return {
    ...module,
    kernel: false,
    out: SIZE,
    in: SIZE,
    s: Float64Array.from({ length: rank }, (_, at) => (1 + (index % 17)) * 0.9 ** at),
    base: {
      spectralNorm: 3 + (index % 5),
      subspaceFactors: Float64Array.from({ length: rank }, (_, at) => 0.1 + ((at * 7) % 13)),
    },
  };
}

for (const rank of [32, 128]) {
  const spectra = await made(rank);
  const began = performance.now();
  const previewer = new Previewer(structuredClone(spectra));
  process.stdout.write(`${MODULES} × ${rank}: ready after ${(performance.now() - began).toFixed(1)} ms\n`);
  for (const flags of RULES) {
    const [task] = resizeTasks(flags);
    const times = Array.from({ length: ROUNDS }, () => {
      const start = performance.now();
      previewer.preview({ task: task! });
      return performance.now() - start;
    });
    const sorted = times.toSorted((a, b) => a - b);
    const [first, middle, worst] = [times[0]!, sorted[ROUNDS / 2]!, sorted.at(-1)!];
    const text = [first, middle, worst].map((time) => time.toFixed(1)).join(", ");
    process.stdout.write(`  ${task!.choice.title}: first, median, worst ${text} ms\n`);
  }
}
