export { testBackend } from "./backend.ts";
export { testCodec } from "./codec.ts";
export { testFormat } from "./format.ts";
export { testMetric } from "./metric.ts";
export { testRankRule } from "./rank-rule.ts";
