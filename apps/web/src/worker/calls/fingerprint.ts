import { inspect } from "@lora/jobs";
import type { Call } from "../call.ts";
import { fileOf } from "../desk.ts";

/** What tells the update of an adapter from others, whatever it is stored as; reads all of it. */
export const fingerprint: Call<string, string> = (id, desk, context) =>
  desk.run(context, { files: [fileOf(desk, id)], base: undefined }, async (run) => {
    const report = await inspect(
      fileOf(desk, id),
      { fingerprint: true, dialect: desk.dialects.get(id) },
      run,
    );
    return report.fingerprint!;
  });
