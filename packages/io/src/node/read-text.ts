import { readFile, stat } from "node:fs/promises";
import { LoraError } from "@lora/tensor";
import { ioError, systemCode } from "./io-error.ts";

/**
 * The text of a small file; undefined where there is none.
 *
 * @throws LoraError FORMAT when it has more than `maxBytes`; IO when it cannot be read
 */
export async function readText(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size <= maxBytes) return await readFile(path, "utf8");
    throw new LoraError("FORMAT", `the file has ${size} bytes, and at most ${maxBytes} of text are read`, {
      file: path,
    });
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw ioError(error, path, "reading");
  }
}
