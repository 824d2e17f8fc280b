import type { Place } from "../dialects/_dialect.ts";
import type { ModuleForm } from "../kinds/_kind.ts";
import { canonicalPath } from "../pairing/canonical-target.ts";

/** The 3 × 3 convolutions of the U-Nets of Stable Diffusion, in diffusers' names. */
const CONVOLUTIONS = /^(?:conv_in|conv_out|.*_resnets_\d+_conv[12]|.*_(?:down|up)samplers_0_conv)$/;
const KERNEL = [3, 3];
const KERNEL_SIZE = 9;

/** Kinds that are stored with the kernel of a convolution in their last axis. */
const FLATTENED = ["loha", "lokr"];

/**
 * The form of a module with its kernel apart. LyCORIS stores products of a convolution as out × in·k·k, so that
 * their shapes alone do not tell it from a linear layer; in a U-Net of Stable Diffusion the name does.
 */
export function withKernel(form: ModuleForm, kind: string, { component, path }: Place): ModuleForm {
  const [out = 0, inner = 0, ...kernel] = form.shape;
  if (!FLATTENED.includes(kind) || component !== "unet" || kernel.length > 0) return form;
  if (inner % KERNEL_SIZE !== 0 || !CONVOLUTIONS.test(canonicalPath(component, path))) return form;
  return { ...form, layer: "conv", shape: [out, inner / KERNEL_SIZE, ...KERNEL] };
}
