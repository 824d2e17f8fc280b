import type { Health } from "./health.ts";
import { COMPUTE_STAGE } from "./gpu-flags.ts";
import type { Shader } from "./kernels/_kernel.ts";

/** A pipeline and the layout of what is bound to it. */
export interface Program {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Values of `override` constants by name. */
export type Constants = Readonly<Record<string, number>>;

/** Finds the pipeline of a shader with these constants, making it at its first use. */
export type Programs = (shader: Shader, constants: Constants) => Program;

/**
 * Pipelines of one device, each made once. An error in WGSL is the failure of the backend, with the line and what
 * stands there.
 */
export function programsOf(device: GPUDevice, health: Health): Programs {
  const programs = new Map<string, Program>();
  const modules = new Map<string, GPUShaderModule>();
  const moduleOf = ({ id, wgsl }: Shader): GPUShaderModule => {
    const module = modules.get(id) ?? device.createShaderModule({ label: id, code: wgsl });
    modules.set(id, module);
    return module;
  };
  return (shader, constants) => {
    const key = `${shader.id} ${JSON.stringify(constants)}`;
    let program = programs.get(key);
    if (program === undefined) {
      program = health.watch(
        "validation",
        () => programOf(device, { shader, module: moduleOf(shader), constants, key }),
        () => compilerMessage(moduleOf(shader), shader),
      );
      programs.set(key, program);
    }
    return program;
  };
}

interface Parts {
  readonly shader: Shader;
  readonly module: GPUShaderModule;
  readonly constants: Constants;
  readonly key: string;
}

/** Binding 0 holds the parameters, then come the inputs, last the output. */
function programOf(device: GPUDevice, { shader, module, constants, key }: Parts): Program {
  const types: GPUBufferBindingType[] = [
    "uniform",
    ...Array<GPUBufferBindingType>(shader.inputs).fill("read-only-storage"),
    "storage",
  ];
  const layout = device.createBindGroupLayout({
    entries: types.map((type, binding) => ({ binding, visibility: COMPUTE_STAGE, buffer: { type } })),
  });
  const pipeline = device.createComputePipeline({
    label: key,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main", constants: { ...constants } },
  });
  return { pipeline, layout };
}

/** The first error of the WGSL compiler, with its place and line; `undefined` when there is none. */
async function compilerMessage(module: GPUShaderModule, { id, wgsl }: Shader): Promise<string | undefined> {
  const { messages } = await module.getCompilationInfo();
  const error = messages.find(({ type }) => type === "error");
  if (error === undefined) return undefined;
  const line = wgsl.split("\n")[error.lineNum - 1]?.trim() ?? "";
  return `${id}.wgsl:${error.lineNum}:${error.linePos}: ${error.message}: ${line}`;
}
