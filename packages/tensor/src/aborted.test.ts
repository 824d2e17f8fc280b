import { expect, test } from "vitest";
import { checkAborted } from "./aborted.ts";

test("only an aborted signal stops the work, and its reason is kept", () => {
  const controller = new AbortController();
  checkAborted(undefined);
  checkAborted(controller.signal);
  const reason = new Error("closed");
  controller.abort(reason);
  const error = { code: "ABORTED", message: "the work was cancelled", cause: reason };
  expect(() => checkAborted(controller.signal)).toThrow(expect.objectContaining(error));
});
