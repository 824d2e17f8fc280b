/** Dialects that are written, each with who reads it. */
export const WRITTEN_DIALECTS = [
  ["peft", "PEFT, transformers, vLLM"],
  ["diffusers", "diffusers"],
  ["kohya", "kohya: sd-scripts, WebUI, Civitai"],
  ["comfyui", "ComfyUI"],
  ["ai-toolkit", "ai-toolkit"],
  ["onetrainer", "OneTrainer"],
  ["diffusers-legacy", "older diffusers"],
  ["xlabs", "XLabs (FLUX)"],
  ["bfl-control", "Black Forest Labs (FLUX control)"],
  ["mlx", "MLX"],
  ["gguf", "llama.cpp (GGUF)"],
  ["loralib", "loralib"],
  ["cloneofsimo", "cloneofsimo/lora"],
  ["sam-lora", "SAM LoRA"],
  ["generic", "plain names"],
] as const;

/** Dialects that are read: a few more, of kinds that are written under other names. */
export const READ_DIALECTS = [
  ...WRITTEN_DIALECTS,
  ["lycoris", "LyCORIS"],
  ["peft-methods", "PEFT's other methods"],
] as const;
