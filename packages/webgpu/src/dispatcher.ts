import { USAGE } from "./gpu-flags.ts";
import type { Health } from "./health.ts";
import type { Dispatch } from "./kernels/_kernel.ts";
import { programsOf } from "./programs.ts";
import { type Stopwatch, stopwatchOf } from "./stopwatch.ts";

const PARAMETER_BYTES = 64;

/** Runs shaders on the queue of a device, in the order of the calls. */
export interface Dispatcher {
  readonly stopwatch: Stopwatch;
  launch(dispatch: Dispatch): void;
  dispose(): void;
}

/**
 * A dispatch writes its parameters and submits at once: the queue keeps that order, so that one small buffer serves
 * all of them.
 */
export function dispatcherOf(device: GPUDevice, health: Health): Dispatcher {
  const programs = programsOf(device, health);
  const stopwatch = stopwatchOf(device);
  const parameters = device.createBuffer({
    label: "parameters",
    size: PARAMETER_BYTES,
    usage: USAGE.uniform | USAGE.copyTarget,
  });
  const submit = ({ shader, constants = {}, parameters: words, inputs, output, grid }: Dispatch): void => {
    const { pipeline, layout } = programs(shader, constants);
    device.queue.writeBuffer(parameters, 0, Uint32Array.from(words));
    const resources = [{ buffer: parameters }, ...inputs, output];
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    const encoder = device.createCommandEncoder({ label: shader.id });
    const pass = encoder.beginComputePass({ label: shader.id, ...timing(stopwatch) });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(...grid);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  return {
    stopwatch,
    launch: (dispatch) => health.watch("validation", () => submit(dispatch)),
    dispose: () => parameters.destroy(),
  };
}

/** What a compute pass is told where something is measured. */
function timing(stopwatch: Stopwatch): Pick<GPUComputePassDescriptor, "timestampWrites"> {
  const timestampWrites = stopwatch.next();
  return timestampWrites === undefined ? {} : { timestampWrites };
}
