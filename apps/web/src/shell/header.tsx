import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";
import { views } from "../views.ts";

/** The name, the views, and what calculates. */
export function Header(): JSX.Element {
  const current = useAppState(({ route }) => route.view);
  return (
    <header class="header">
      <a class="name" href="#/look">
        lora
      </a>
      <nav aria-label="Views">
        {views.map(({ id, title }) => (
          <a key={id} href={`#/${id}`} aria-current={id === current ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
    </header>
  );
}
