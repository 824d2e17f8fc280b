import { LoraError } from "@lora/tensor";
import { dialectById } from "../reading/detect-dialect.ts";
import { writers } from "../writers/_index.ts";
import type { Writer } from "../writers/_writer.ts";

/** What is written in place of a dialect that is only read. */
const INSTEAD: Readonly<Record<string, string>> = {
  lycoris: "plain LoRA in the names of LyCORIS is kohya",
  "peft-methods": "plain LoRA of PEFT is peft",
};

/**
 * How a dialect is written.
 *
 * @throws LoraError USAGE when there is no such dialect; UNSUPPORTED when it is only read
 */
export function writerOf(id: string): Writer {
  const writer = writers.find((candidate) => candidate.id === id);
  if (writer !== undefined) return writer;
  const { title } = dialectById(id);
  throw new LoraError("UNSUPPORTED", `${title} is read, and not written`, {
    dialect: id,
    advice: INSTEAD[id] ?? `write one of ${writers.map((one) => one.id).join(", ")}`,
  });
}
