import type { ComponentType } from "preact";
import { lazy } from "./lazy.tsx";
import { LookView } from "./look/look-view.tsx";

/** A page of the page. Views that are not needed first are loaded when they are opened. */
export interface View {
  /** In the address. */
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType;
}

/** In the order of the navigation; the first is where one arrives. */
export const views: readonly View[] = [
  { id: "look", title: "Look", component: LookView },
  { id: "do", title: "Do", component: lazy(async () => (await import("./do/do-view.tsx")).DoView) },
  {
    id: "learn",
    title: "Learn",
    component: lazy(async () => (await import("./learn/learn-view.tsx")).LearnView),
  },
];
