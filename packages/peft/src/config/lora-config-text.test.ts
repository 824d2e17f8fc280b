import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "./lora-configs.golden.json" with { type: "json" };
import { dataText, failure, folderTexts, hasData } from "../files.test-helper.ts";
import type { LoraConfig } from "./lora-config.ts";
import { DEFAULT_LORA_CONFIG } from "./lora-config.ts";
import { parseLoraConfig, printLoraConfig } from "./lora-config-text.ts";
import { numberSpellings } from "./number-spellings.ts";
import { pythonJson } from "./python-json.ts";
import { loraConfig } from "./resolve-lora-config.ts";

const { made, read, printed, loras, older } = golden as {
  made: { options: Partial<LoraConfig>; text: string; again?: string }[];
  read: { text: string; again: string }[];
  printed: string[];
  loras: string[];
  older: Record<string, string>;
};

test.each(made)("the text is PEFT's, byte for byte: $options", ({ options, text }) => {
  expect(printLoraConfig(loraConfig(options))).toBe(text);
});

test.each(made)("a text of PEFT is read into what it says: $options", ({ options, text, again }) => {
  const runtime = { runtime_config: options.runtime_config ?? DEFAULT_LORA_CONFIG.runtime_config };
  const file = parseLoraConfig(text);
  // A second time, because PEFT does some things only to what it reads.
  expect({ ...file.config, ...runtime }).toEqual(loraConfig(loraConfig(options)));
  expect(printLoraConfig(file.config, file)).toBe(again ?? text);
});

test.each(read)("a file is written again as PEFT writes it: $text", ({ text, again }) => {
  const file = parseLoraConfig(text);
  expect(printLoraConfig(file.config, file)).toBe(again);
});

test("what is printed is read again, whatever it says", () => {
  const names = fc.array(fc.string({ unit: "binary" }), { maxLength: 4 });
  const pattern = (value: fc.Arbitrary<number>): fc.Arbitrary<Record<string, number>> =>
    fc.dictionary(fc.string({ unit: "grapheme" }), value, { maxKeys: 4, noNullPrototype: true });
  const positive = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true });
  const options = fc.record({
    r: fc.integer({ min: 1 }),
    lora_alpha: positive,
    lora_dropout: fc.double({ min: 0, max: 1, noNaN: true }),
    target_modules: fc.option(fc.oneof(names, fc.string())),
    exclude_modules: fc.option(fc.oneof(names, fc.string())),
    rank_pattern: pattern(fc.integer({ min: 1 })),
    alpha_pattern: pattern(positive),
    base_model_name_or_path: fc.option(fc.string({ unit: "binary" })),
    eva_config: fc.option(fc.record({ rho: fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }) })),
    megatron_config: fc.option(
      fc.object({ maxDepth: 2, key: fc.string(), values: [fc.string(), fc.integer()] }),
    ),
  });
  fc.assert(
    fc.property(options, (fields) => {
      const config = loraConfig(fields);
      expect(parseLoraConfig(printLoraConfig(config)).config).toEqual(config);
    }),
    { seed: 3 },
  );
});

test("a file that names only the method and its targets is a LoRA with PEFT's defaults, of no known version", () => {
  const { config, warnings } = parseLoraConfig('{"peft_type": "LORA", "target_modules": ["v", "q"]}');
  expect(config).toEqual({ ...DEFAULT_LORA_CONFIG, target_modules: ["q", "v"], peft_version: null });
  expect(warnings).toEqual([]);
  expect(parseLoraConfig(printLoraConfig(config)).config.peft_version).toBe("0.21.0");
});

test("fields that PEFT does not know are kept and named, also inside a part", () => {
  const text =
    '{"peft_type": "LORA", "init_lora_weights": "eva", "eva_config": {"later": 1.0}, "zeta": [0.0]}';
  const file = parseLoraConfig(text);
  expect(file.unknown).toEqual({ zeta: [0], eva_config: { later: 1 } });
  expect(file.warnings).toEqual([
    "zeta is no field of PEFT 0.21: it is kept as it is",
    "eva_config.later is no field of PEFT 0.21: it is kept as it is",
  ]);
  const again = printLoraConfig(file.config, file);
  expect(again).toContain('"later": 1.0,');
  expect(again).toContain('"zeta": [\n    0.0\n  ]');
});

test("settings of a running model are not read, and never written", () => {
  const file = parseLoraConfig('{"peft_type": "LORA", "runtime_config": {"ephemeral_gpu_offload": true}}');
  expect(file.warnings).toEqual([
    "runtime_config is not used: it is for running models, and never in a file",
  ]);
  expect(file.config.runtime_config).toEqual({ ephemeral_gpu_offload: false });
});

test("null where it cannot be is the default, with a warning", () => {
  const file = parseLoraConfig('{"peft_type": "LORA", "rank_pattern": null}');
  expect(file.config.rank_pattern).toEqual({});
  expect(file.warnings).toEqual(["rank_pattern is null, which it cannot be: PEFT's default is taken"]);
});

test("a type that PEFT does not have is refused by name", async () => {
  const error = await failure(() => parseLoraConfig('{"peft_type": "LORAX"}'));
  const message = "the adapter says that it is of type LORAX, which PEFT 0.21 does not have";
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", message]);
});

test("a number that JSON does not have cannot be printed", async () => {
  const config = { ...loraConfig(), lora_alpha: Number.POSITIVE_INFINITY };
  const error = await failure(() => printLoraConfig(config));
  expect([error.code, error.message]).toEqual(["NUMERIC", "JSON has no number Infinity"]);
});

describe.skipIf(!hasData)("the 99 configurations of PEFT's own benchmarks", () => {
  const texts = hasData ? folderTexts("keys/peft-adapter-configs") : [];
  const typeOf = (text: string): string => (JSON.parse(text) as { peft_type: string }).peft_type;

  test("each is printed as Python prints what it reads", () => {
    expect(texts.length).toBe(99);
    const ours = texts.map((text) =>
      digest(pythonJson(JSON.parse(text), { sorted: true, spellings: numberSpellings(text) })),
    );
    expect(ours.sort()).toEqual(printed);
  });

  test("each LoRA is written as PEFT writes it after loading it", () => {
    const ours = texts
      .filter((text) => typeOf(text) === "LORA")
      .map((text) => parseLoraConfig(text))
      .map((file) => digest(printLoraConfig(file.config, file)));
    expect(ours.sort()).toEqual(loras);
  });

  test("every other method is refused by its name", async () => {
    for (const text of texts.filter((each) => typeOf(each) !== "LORA")) {
      const error = await failure(() => parseLoraConfig(text));
      const message = `the adapter is of PEFT's type ${typeOf(text)}, which is not handled here`;
      expect([error.code, error.message]).toEqual(["UNSUPPORTED", message]);
    }
  });
});

describe.skipIf(!hasData)("adapters of older versions of PEFT", () => {
  test.each(Object.entries(older))(
    "%s is written as PEFT 0.21 writes it after loading it",
    (path, wanted) => {
      const { config, spellings } = parseLoraConfig(dataText(`${path}/adapter_config.json`));
      // PEFT forgets the fields that it does not know.
      expect(digest(printLoraConfig(config, { spellings }))).toBe(wanted);
    },
  );
});

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
