import { render } from "preact";
import { createApp } from "./app/create-app.ts";
import { Shell } from "./shell/shell.tsx";

render(<Shell app={createApp()} />, document.querySelector("#app")!);
