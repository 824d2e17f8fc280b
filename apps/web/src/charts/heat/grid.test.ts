import { describe, expect, test } from "vitest";
import { blockOf } from "./block-of.ts";
import { layerGrids } from "./layer-grid.ts";
import { moveInGrid } from "./move-in-grid.ts";

describe("the block of a module", () => {
  test.each([
    ["model.layers.3.self_attn.q_proj", "model.layers.3", "self_attn.q_proj", "3"],
    [
      "down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_out_0",
      "down_blocks_0_attentions_1_transformer_blocks_0",
      "attn1_to_out_0",
      "down 0.1.0",
    ],
    [
      "input_blocks_4_1_transformer_blocks_0_ff_net_0_proj",
      "input_blocks_4_1_transformer_blocks_0",
      "ff_net_0_proj",
      "input 4.1.0",
    ],
    ["text_model_encoder_layers_11_mlp_fc1", "text_model_encoder_layers_11", "mlp_fc1", "encoder 11"],
    ["double_blocks.7.img_attn.qkv", "double_blocks.7", "img_attn.qkv", "double 7"],
    ["transformer.h.5.attn.c_attn", "transformer.h.5", "attn.c_attn", "h 5"],
    ["proj_in", "", "proj_in", "–"],
  ])("%s", (path, block, kind, label) => {
    expect(blockOf(path)).toEqual({ block, kind, label });
  });
});

describe("the grid of a model", () => {
  const module = (path: string, component = "model"): { name: string; component: string; path: string } => ({
    name: `${component}.${path}`,
    component,
    path,
  });

  test("has blocks as rows, by number, and kinds as columns, with gaps", () => {
    const paths = ["layers.10.q", "layers.2.q", "layers.2.v", "head"];
    expect(layerGrids(paths.map((path) => module(path)))).toEqual([
      {
        part: undefined,
        columns: ["q", "v", "head"],
        rows: [
          { title: "layers.2", label: "2", cells: [1, 2, undefined] },
          { title: "layers.10", label: "10", cells: [0, undefined, undefined] },
          { title: "outside blocks", label: "–", cells: [undefined, undefined, 3] },
        ],
      },
    ]);
  });

  test("every part of a model has one of its own, text encoders last", () => {
    const paths = [
      ["layers.0.q", "te2"],
      ["layers.0.q", "te1"],
      ["down_blocks.0.q", "unet"],
      ["up_blocks.0.v", "unet"],
    ] as const;
    const grids = layerGrids(paths.map(([path, component]) => module(path, component)));
    expect(grids.map(({ part, columns }) => [part, columns])).toEqual([
      ["U-Net", ["q", "v"]],
      ["Text encoder 1", ["q"]],
      ["Text encoder 2", ["q"]],
    ]);
    expect(grids.map(({ rows }) => rows.map(({ cells }) => cells))).toEqual([
      [
        [2, undefined],
        [undefined, 3],
      ],
      [[1]],
      [[0]],
    ]);
  });
});

describe("arrow keys", () => {
  const cells = [
    [0, 1, undefined, 2],
    [3, undefined, undefined, 4],
  ];
  test.each([
    ["ArrowRight", { row: 0, column: 1 }, { row: 0, column: 3 }],
    ["ArrowDown", { row: 0, column: 1 }, undefined],
    ["ArrowDown", { row: 0, column: 3 }, { row: 1, column: 3 }],
    ["End", { row: 0, column: 0 }, { row: 0, column: 3 }],
    ["Home", { row: 1, column: 3 }, { row: 1, column: 0 }],
    ["PageDown", { row: 0, column: 0 }, { row: 1, column: 0 }],
    ["ArrowLeft", { row: 0, column: 0 }, undefined],
    ["x", { row: 0, column: 0 }, undefined],
  ])("%s from %o leads to %o, over gaps", (key, from, to) => {
    expect(moveInGrid(key, from, cells)).toEqual(to);
  });
});
