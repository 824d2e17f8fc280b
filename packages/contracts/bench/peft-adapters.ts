// How far adapters that PEFT wrote are from PEFT's own numbers, one line of JSON a folder. Written and read by
// tooling/peers/load.py: base, adapter, inputs, outputs and merged weights of a small model.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "@lora/io/node";
import { matrix, toFloat64 } from "@lora/linalg";
import { bindInitialiser, loadTensor, LoraModel, parseLoraConfig, seededDraws } from "@lora/peft";
import type { AdapterPlace, BaseModule, DenseTensor, InitialAdapter, LoraConfig } from "@lora/peft";
import { type LazyTensor, readValues, tensorOfValues } from "@lora/tensor";

type Tensors = ReadonlyMap<string, LazyTensor>;
interface Described {
  readonly modules: Readonly<Record<string, { readonly kind: BaseModule["kind"] }>>;
  readonly offsets: readonly (number | null)[] | null;
}

async function tensorsOf(path: string): Promise<Tensors> {
  return (await openFile(path)).tensors;
}

/** In doubles, so that merging rounds nothing. */
async function inDoubles(tensors: Tensors): Promise<Tensors> {
  const entries = [...tensors].map(
    async ([name, tensor]) => [name, tensorOfValues(await readValues(tensor), "f64", tensor.shape)] as const,
  );
  return new Map(await Promise.all(entries));
}

function moduleOf(
  name: string,
  { kind, ...options }: { readonly kind: BaseModule["kind"] },
  base: Tensors,
): BaseModule {
  const at = (part: string): LazyTensor => base.get(`${name}.${part}`)!;
  const weights = { weight: at("weight"), bias: base.get(`${name}.bias`) };
  if (kind === "attention") {
    const inProjection = { weight: at("in_proj_weight"), bias: at("in_proj_bias") };
    const outProjection = { weight: at("out_proj.weight"), bias: at("out_proj.bias") };
    return { heads: 1, ...options, kind, inProjection, outProjection };
  }
  if (kind === "parameters") {
    return { ...options, kind, parameters: { gate_up_proj: at("gate_up_proj"), down_proj: at("down_proj") } };
  }
  return { ...options, ...weights, kind };
}

/** What an initialiser that takes its start off the base leaves of it. */
async function initialise(place: AdapterPlace, config: LoraConfig): Promise<InitialAdapter> {
  const { layer, rank } = place;
  await layer.load();
  const { outputs, inputs } = layer;
  const weight = { rows: outputs, cols: inputs, data: layer.weight.values() };
  const scale = place.alpha / rank;
  const draws = seededDraws(0);
  const made = bindInitialiser(String(config.init_lora_weights)).make({
    out: outputs,
    in: inputs,
    rank,
    scale,
    weight,
    draws,
  });
  const [up, down] = [toFloat64(made.up), toFloat64(made.down)];
  const base = Float64Array.from(weight.data, (value, i) => {
    const [row, column] = [Math.floor(i / inputs), i % inputs];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += up.data[row * rank + k] * down.data[k * inputs + column];
    return value - scale * sum;
  });
  const empty = { dtype: "f64", shape: [0, 0], data: matrix([[]]).data } as const;
  return { down: empty, up: empty, base };
}

async function forward(
  model: LoraModel,
  name: string,
  x: DenseTensor,
  { modules, offsets }: Described,
): Promise<DenseTensor> {
  if (modules[name].kind === "attention") return (await model.attend(name, x)).y;
  if (modules[name].kind !== "parameters") return model.forward(name, x, offsets === null ? {} : { offsets });
  const [inner, outer] = [model.layer(`${name}.base_layer`), model.layer(name)];
  await Promise.all([inner.load(), outer.load()]);
  return outer.forward(inner.forward(x));
}

/** max|found − wanted| / max|wanted − without|, and infinite for NaN. */
function difference(found: ArrayLike<number>, wanted: ArrayLike<number>, without: ArrayLike<number>): number {
  let [largest, size] = [found.length === wanted.length ? 0 : Infinity, 0];
  for (let i = 0; i < wanted.length; i++) {
    const distance = Math.abs(found[i] - wanted[i]);
    largest = Math.max(largest, Number.isNaN(distance) ? Infinity : distance);
    size = Math.max(size, Math.abs(wanted[i] - (without[i] ?? 0)));
  }
  return largest === 0 ? 0 : largest / size;
}

async function compare(folder: string): Promise<object> {
  const described = JSON.parse(readFileSync(join(folder, "modules.json"), "utf8")) as Described;
  const base = await inDoubles(await tensorsOf(join(folder, "base.safetensors")));
  const wanted = await tensorsOf(join(folder, "expected.safetensors"));
  const { config } = parseLoraConfig(readFileSync(join(folder, "adapter/adapter_config.json"), "utf8"));
  const model = new LoraModel(
    Object.entries(described.modules).map(([name, module]) => [name, moduleOf(name, module, base)]),
  );
  const adapter = await inDoubles(await tensorsOf(join(folder, "adapter/adapter_model.safetensors")));
  const { missing, unexpected } = await model.loadAdapter("default", config, adapter, {
    initialise: (place) => initialise(place, config),
  });
  const named = (start: string): string[] =>
    [...wanted.keys()].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
  let outputs = 0;
  for (const name of named("y.")) {
    const y = await forward(model, name, await loadTensor(wanted.get(`x.${name}`)!), described);
    outputs = Math.max(outputs, difference(y.data, await readValues(wanted.get(`y.${name}`)!), []));
  }
  const names = named("merged.");
  const merged = names.length === 0 ? base : (await model.mergeAndUnload({ safe: true })).tensors;
  const updates: number[] = [];
  for (const name of names) {
    const [found, right, before] = [merged.get(name)!, wanted.get(`merged.${name}`)!, base.get(name)!];
    updates.push(difference(await readValues(found), await readValues(right), await readValues(before)));
  }
  const left = [...missing, ...unexpected].join(" ");
  return { outputs, updates: names.length === 0 ? null : Math.max(...updates), left };
}

for (const folder of process.argv.slice(2))
  process.stdout.write(`${JSON.stringify(await compare(folder))}\n`);
