import { doraScale } from "./_magnitudes.ts";
import { PIPELINE } from "./_pipeline.ts";
import { plainMetadata } from "./_plain-metadata.ts";
import { pipelineComponent, type Writer } from "./_writer.ts";

export const generic: Writer = {
  id: "generic",
  consumers: "ComfyUI and others that look for known endings",
  limits: "nothing but the names tells what it is",
  container: "safetensors",
  scales: "tensor",
  magnitudes: doraScale,
  oneRank: false,
  underscored: false,
  naming: () => "library",
  name: ({ component, path }, { architecture }) => ({
    module: (PIPELINE[pipelineComponent(component, architecture)] ?? "") + path,
  }),
  texts: ({ metadata }) => ({ metadata: plainMetadata(metadata), sidecars: new Map() }),
};
