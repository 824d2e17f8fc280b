import { expect, test } from "vitest";
import { fileOf } from "../files.test-helper.ts";
import { readAdapter } from "../reading/read-adapter.ts";
import { planConversion } from "./plan-conversion.ts";

const FLUX = { metadata: { ss_base_model_version: "flux1" } };

test("a norm whose halves are swapped has its rows in the other order, and back", async () => {
  const shapes = {
    "transformer.norm_out.linear.lora_A.weight": [1, 3],
    "transformer.norm_out.linear.lora_B.weight": [6, 1],
  };
  const plan = planConversion(await readAdapter(fileOf(shapes, FLUX)), { to: "comfyui" });
  expect(plan.modules).toMatchObject([
    { module: "diffusion_model.final_layer.adaLN_modulation.1", shape: [6, 3] },
  ]);
  expect([...plan.modules[0]!.slots[0]!.rows]).toEqual([3, 4, 5, 0, 1, 2]);
});

test("names without dots get those of the base", async () => {
  const shapes = {
    "lora_unet_blocks_0_my_layer.lora_down.weight": [1, 3],
    "lora_unet_blocks_0_my_layer.lora_up.weight": [4, 1],
  };
  const adapter = await readAdapter(fileOf(shapes));
  const base = fileOf({ "blocks.0.my_layer.weight": [4, 3] });
  expect(planConversion(adapter, { to: "comfyui", base }).modules).toMatchObject([
    { module: "diffusion_model.blocks.0.my_layer" },
  ]);
});

test("a fused layer of other size than its parts is refused", async () => {
  const name = "lora_unet_double_blocks_0_img_attn_qkv";
  const adapter = await readAdapter(
    fileOf({ [`${name}.lora_down.weight`]: [1, 3], [`${name}.lora_up.weight`]: [8, 1] }, FLUX),
  );
  expect(() => planConversion(adapter, { to: "diffusers" })).toThrow(
    "double_blocks_0_img_attn_qkv fuses layers of 3 + 3 + 3 rows, and the module has 8",
  );
});

test("two modules that change the same rows are refused", async () => {
  const pair = (name: string): Record<string, number[]> => ({
    [`${name}.lora_down.weight`]: [1, 3],
    [`${name}.lora_up.weight`]: [4, 1],
  });
  const adapter = await readAdapter(
    fileOf(
      {
        ...pair("lora_unet_middle_block_1_proj_in"),
        ...pair("lora_unet_mid_block_attentions_0_proj_in"),
      },
      { metadata: { ss_base_model_version: "sdxl" } },
    ),
  );
  expect(() => planConversion(adapter, { to: "diffusers" })).toThrow(
    "two modules change the same rows of unet.mid_block.attentions.0.proj_in",
  );
});
