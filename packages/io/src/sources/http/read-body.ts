import { LoraError } from "@lora/tensor";
import type { Answer } from "./http-client.ts";
import type { Failure, Outcome } from "./retry.ts";

/**
 * A body in one piece; not much more of it is read than `atMost`.
 *
 * @param length what it must have, where that is known
 * @returns a failure when fewer bytes came
 * @throws LoraError IO when more came
 */
export async function readBody(
  answer: Answer,
  length: number | undefined,
  name: string,
  atMost: number = Infinity,
): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer.chunks()) {
    chunks.push(chunk);
    total += chunk.length;
    if (length !== undefined && total > length) throw tooMuch(length, name);
    if (total > atMost) break;
  }
  if (length !== undefined && total < length) return tooLittle({ came: total, asked: length, name });
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { value: bytes };
}

/** An answer that ended too early: the connection broke, or a proxy did. */
export function tooLittle(counts: {
  readonly came: number;
  readonly asked: number;
  readonly name: string;
}): Failure {
  const rule = `the answer ended after ${counts.came} of ${counts.asked} bytes`;
  const advice = "check the connection, and run it again";
  return { failure: new LoraError("IO", rule, { file: counts.name, advice }) };
}

/** An answer with more than it said. */
export function tooMuch(asked: number, name: string): LoraError {
  return new LoraError("IO", `more than the ${asked} bytes that the server announced came`, {
    file: name,
    advice: "the server, or a proxy before it, is broken: download the file another way",
  });
}
