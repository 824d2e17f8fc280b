import * as nodeModule from "node:module";

/** Where Node can (from 22.8 on), it keeps what it compiles for the next time, beside other temporary files. In each thread for itself. */
export function keepCompiled(): void {
  nodeModule.enableCompileCache?.();
}
