import "./header.css";
import type { JSX } from "preact";
import { useAppState } from "../app/use-app.ts";
import { views } from "../views.ts";
import { DeviceBadge } from "./device-badge.tsx";
import { ThemeButton } from "./theme-button.tsx";

/** The name, the views, what calculates, and the theme. */
export function Header(): JSX.Element {
  const current = useAppState(({ route }) => route.view);
  return (
    <header class="header">
      <a class="wordmark" href="#/look">
        lora
      </a>
      <nav aria-label="Views">
        {views.map(({ id, title }) => (
          <a key={id} href={`#/${id}`} aria-current={id === current ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <DeviceBadge />
      <ThemeButton />
    </header>
  );
}
