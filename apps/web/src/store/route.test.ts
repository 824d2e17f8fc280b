import { expect, test } from "vitest";
import { parseRoute, routeHash } from "./route.ts";

test("an address gives back the view, the action and its values, numbers as numbers", () => {
  const route = {
    view: "do",
    action: "resize",
    values: { rule: "recipe", recipe: "fro_lora=1,size=8", rank: 8, on: true },
  };
  expect(routeHash(route)).toBe("#/do/resize?rule=recipe&recipe=fro_lora%3D1%2Csize%3D8&rank=8&on=true");
  expect(parseRoute(routeHash(route))).toEqual(route);
});

test("no address is the first view", () => {
  expect(parseRoute("")).toEqual({ view: "look", action: undefined, values: {} });
});
