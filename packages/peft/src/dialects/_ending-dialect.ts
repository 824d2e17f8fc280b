import { alphaScaling, sameTexts } from "./_alpha-scaling.ts";
import type { Dialect, Place } from "./_dialect.ts";
import type { PlacePrefix } from "./_places.ts";
import { prefixCensus, stripPrefix } from "./_places.ts";
import { census, detection } from "./_score.ts";
import type { Spelling } from "./_spelling.ts";
import { parseEnding, printEnding } from "./_spelling.ts";

/** What sets a dialect apart whose names are a prefix, a path and an ending. */
export interface EndingDialect {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly distinct: boolean;
  readonly spellings: readonly Spelling[];
  readonly prefixes: readonly PlacePrefix[];
  /** How telling its names are, 0 to 1. */
  readonly weight: number;
  /** Which modules can be of this dialect. */
  readonly reads: (module: string) => boolean;
  /** Where a module without any of the prefixes sits. */
  readonly elsewhere?: (module: string) => Place;
}

/** A dialect that keeps its scales in alpha tensors, or has none. */
export function endingDialect(options: EndingDialect): Dialect {
  const { id, title, source, distinct, spellings, prefixes, weight, reads } = options;
  const elsewhere = options.elsewhere ?? ((module): Place => ({ component: "model", path: module }));
  const parse: Dialect["parse"] = (name) => {
    const parsed = parseEnding(spellings, name);
    return parsed !== undefined && reads(parsed.module) ? parsed : undefined;
  };
  return {
    id,
    title,
    source,
    distinct,
    keepsEveryModule: false,
    score(names) {
      const found = census(names, parse);
      const counted = prefixCensus(prefixes, found.modules);
      return detection(id, names, { census: found, weight, reasons: [`prefixes ${counted || "none"}`] });
    },
    parse,
    print: (module, part, spelling) => printEnding(spellings, module, { part, spelling }),
    place: (module) => stripPrefix(prefixes, module) ?? elsewhere(module),
    scaling: () => alphaScaling,
    texts: sameTexts,
  };
}
