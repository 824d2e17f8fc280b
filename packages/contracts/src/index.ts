export { testBackend, testBackendProducts } from "./backend.ts";
export { testCodec } from "./codec.ts";
export { testDialect } from "./dialect.ts";
export { testFormat } from "./format.ts";
export { testInitialiser } from "./initialiser.ts";
export { testKind } from "./kind.ts";
export type { KindSample } from "./kind.ts";
export { testMetric } from "./metric.ts";
export { testRankRule } from "./rank-rule.ts";
