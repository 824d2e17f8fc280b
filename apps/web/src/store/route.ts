import type { Values } from "../actions/_action.ts";

/** Where the page is: a view, an action of "do", and settings. All of it is in the address, and nothing of a file is. */
export interface Route {
  readonly view: string;
  readonly action: string | undefined;
  readonly values: Values;
}

/** `#/do/resize?rule=rank&rank=8`. Values are told apart by how they read: `true`, `8`, all else text. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/u, "").split("?", 2);
  const [view, action] = path.split("/", 2);
  const values = Object.fromEntries(
    [...new URLSearchParams(query)].map(([name, text]) => [name, readValue(text)]),
  );
  return { view: view || "look", action: action || undefined, values };
}

/** The address of a route; `parseRoute` reads it back. */
export function routeHash({ view, action, values }: Route): string {
  const query = new URLSearchParams(
    Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return `#/${view}${action === undefined ? "" : `/${action}`}${query === "" ? "" : `?${query}`}`;
}

function readValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && String(Number(text)) === text ? Number(text) : text;
}
