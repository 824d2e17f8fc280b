import { expect, test } from "vitest";
import { counting, fileOf } from "./bad-input/malformed.test-helper.ts";
import { run } from "./run.test-helper.ts";
import { fileOfBytes, serveFiles, type WebFile } from "./web-server.test-helper.ts";

const WIDTH = 1024;
const LAYERS = 40;

/** 24 GB of bf16: in each layer a q_proj that the adapter changes, and much that it does not. No bytes of it exist. */
function largeBase(): { file: WebFile; headerBytes: number } {
  const other = Math.floor(24e9 / LAYERS / 2 / WIDTH);
  const header: Record<string, object> = {};
  let end = 0;
  const place = (name: string, shape: readonly [number, number]): void => {
    const bytes = shape[0] * shape[1] * 2;
    header[name] = { dtype: "BF16", shape, data_offsets: [end, end + bytes] };
    end += bytes;
  };
  for (let layer = 0; layer < LAYERS; layer += 1) {
    place(`model.layers.${layer}.mlp.up_proj.weight`, [other, WIDTH]);
    place(`model.layers.${layer}.self_attn.q_proj.weight`, [WIDTH, WIDTH]);
  }
  const text = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(8 + text.length, text.toString(), "utf8");
  head.writeBigUInt64LE(BigInt(text.length));
  text.copy(head, 8);
  const read = (from: number, to: number): Uint8Array => {
    const bytes = new Uint8Array(to - from).fill(0x3c);
    bytes.set(head.subarray(from, to));
    return bytes;
  };
  return { file: { size: head.length + end, read }, headerBytes: head.length };
}

test("against a base of 24 GB only its header and the paired weights are read", async () => {
  const adapted = [3, 17, 39];
  const modules = adapted.flatMap((layer) => {
    const name = `base_model.model.model.layers.${layer}.self_attn.q_proj`;
    return [
      [`${name}.lora_A.weight`, counting(2, WIDTH)],
      [`${name}.lora_B.weight`, counting(WIDTH, 2)],
    ] as const;
  });
  const { file, headerBytes } = largeBase();
  const web = await serveFiles({
    "adapter.safetensors": fileOfBytes(fileOf(Object.fromEntries(modules))),
    "adapter_config.json": fileOfBytes(
      Buffer.from('{"peft_type": "LORA", "r": 2, "lora_alpha": 2, "target_modules": ["q_proj"]}'),
    ),
    "base/model.safetensors": file,
  });
  const [adapter, base] = ["adapter", "base/model"].map((name) => `${web.origin}/plain/${name}.safetensors`);
  const { code, stderr } = await run(["analyse", adapter!, "--base", base!, "--device", "cpu"]);
  expect(code).toBe(0);
  const asked = web.seen.filter(({ path }) => path.endsWith("/model.safetensors"));
  const bytes = asked.reduce((sum, one) => sum + one.bytes, 0);
  const needed = headerBytes + adapted.length * WIDTH * WIDTH * 2;
  // Whatever of the first 64 KB is no header is all that is read in vain.
  expect(bytes - needed).toBeLessThanOrEqual(2 ** 16);
  expect(asked.length).toBe(1 + adapted.length);
  expect(stderr).toMatch(/read 6\.3\d MB of 24\.\d GB in 6 requests/u);
});
