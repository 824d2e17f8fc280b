// What `npm start` and `npm test` run, on a machine that has Node and npm and nothing else:
// finds or fetches pnpm, installs what the lockfile lists, and starts the script asked for.
// It imports nothing but Node and stays readable to old versions, which it must be able to turn away.
import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [20, 19];
const PNPM = "12";
const TASKS = {
  demo: { title: "Showing the toolkit on a sample (a few seconds)", needsBuild: true },
  check: { title: "Running every check (one to three minutes)", needsBuild: false },
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const shell = process.platform === "win32"; // there, npx and pnpm are .cmd files
const env = {
  ...process.env,
  LORA_MACHINE_NODE: process.execPath,
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
};

function main(task) {
  if (!Object.keys(TASKS).includes(task)) return fail(`Say what to run: ${Object.keys(TASKS).join(" or ")}.`);
  const tooOld = nodeProblem();
  if (tooOld) return fail(tooOld);
  const pnpm = findPnpm();
  install(pnpm);
  const { title, needsBuild } = TASKS[task];
  if (needsBuild) build(pnpm);
  say(`${title} …`);
  hand(pnpm, ["run", "--silent", task]);
}

/** What is wrong with this Node, "" when nothing is. */
function nodeProblem() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return "";
  return (
    `Node ${process.versions.node} is too old: the toolkit needs Node ${OLDEST_NODE.join(".")} or newer.\n` +
    "Get one from https://nodejs.org, or from your version manager."
  );
}

/** The command line that starts pnpm: the machine's own where it has the right one, else npm's copy of it. */
function findPnpm() {
  const own = quietly(["pnpm", "--version"]);
  if (own.status === 0 && own.stdout.startsWith(`${PNPM}.`)) return ["pnpm"];
  const fetched = ["npx", "--yes", "--prefer-offline", `pnpm@${PNPM}`];
  say("Fetching the package manager, pnpm (some ten seconds the first time) …");
  const result = quietly([...fetched, "--version"]);
  if (result.status !== 0) giveUp("pnpm could not be fetched from npm", result);
  return fetched;
}

function install(pnpm) {
  say("Installing what the lockfile lists (half a minute the first time, then a second) …");
  const result = quietly([...pnpm, "install", "--frozen-lockfile", "--config.confirm-modules-purge=false"]);
  if (result.status !== 0) giveUp("The packages could not be installed", result);
}

function build(pnpm) {
  say("Building (a few seconds the first time) …");
  const result = quietly([...pnpm, "run", "build"]);
  if (result.status !== 0) giveUp("The build failed", result);
}

/** Runs a command and keeps what it prints. */
function quietly([command, ...args]) {
  return spawnSync(command, args, {
    cwd: root,
    env,
    shell,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs a command in place of this one: its output, its signals, its exit code. */
function hand(pnpm, args) {
  const [command, ...first] = pnpm;
  const child = spawn(command, [...first, ...args], { cwd: root, env, shell, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`pnpm could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : code;
  });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** Shows what a failed command printed, and stops. */
function giveUp(message, { stdout, stderr, error }) {
  process.stderr.write(`${message}:\n\n${stdout || ""}${stderr || ""}${error ? error.message : ""}\n`);
  process.exit(1);
}

main(process.argv[2]);
