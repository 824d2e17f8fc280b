import { render } from "preact";
import { createApp } from "./app/create-app.ts";
import { Shell } from "./shell/shell.tsx";

render(<Shell app={createApp()} />, document.querySelector("#app")!);

// Offline from the second visit on. Not while developing, when every file changes.
if (import.meta.env.PROD) void navigator.serviceWorker?.register("sw.js").catch(() => undefined);
