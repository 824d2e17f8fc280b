import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { AppState } from "../store/app-state.ts";
import { useSelected } from "../store/use-selected.ts";
import type { App } from "./app.ts";

/** Gives the app to the components below. */
export const AppContext = createContext<App | undefined>(undefined);

/** The app, in a component. */
export function useApp(): App {
  return useContext(AppContext)!;
}

/** Part of the app's state. */
export function useAppState<S>(select: (state: AppState) => S): S {
  return useSelected(useApp().store, select);
}
