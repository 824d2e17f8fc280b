import type { ComponentType } from "preact";
import { DoView } from "./do/do-view.tsx";
import { lazy } from "./lazy.tsx";
import { LookView } from "./look/look-view.tsx";

/** A page of the page. Views that are not needed first are loaded when they are opened. */
export interface View {
  /** In the address. */
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType;
}

const LearnView = lazy<object>(async () => (await import("./learn/learn-view.tsx")).LearnView);

/** In the order of the navigation; the first is where one arrives. */
export const views: readonly View[] = [
  { id: "look", title: "Look", component: LookView },
  { id: "do", title: "Do", component: DoView },
  { id: "learn", title: "Learn", component: LearnView },
];
