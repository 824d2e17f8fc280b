import { expect, test } from "vitest";
import { run } from "../run.test-helper.ts";

test("lora --help lists the commands on stdout", async () => {
  const { code, stdout, stderr } = await run(["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: lora <command> <file...> [options]

    Inspect, analyse, shrink, compare, combine, merge, extract, verify and begin low-rank adapters.

    Options:
      -V, --version                       output the version number
      --json                              print the report as one line of JSON
      -q, --quiet                         nothing on stderr but errors
      -v, --verbose                       all facts of an error, and how long it took
      --no-progress                       no progress bar
      --no-color                          no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii                             nothing but ASCII characters
      --seed <n>                          seed of randomised methods (default: 0)
      --threads <n>                       modules worked on at once (default: one a core, at most 8)
      --wide-vectors                      vectors of 256 bits (experimental): faster products
      -h, --help                          display help for command

    Commands:
      analyse|analyze [options] <file>    measure every update: spectrum, norms, ranks; with --base
                                          against its weight
      combine [options] <file:weight...>  make one adapter of several, each at its weight
      compare [options] <file...>         say how alike adapters are: cosines, distances, shared
                                          directions
      complete [shell]                    print the completion script of a shell
      convert [options] <adapter>         write an adapter in another dialect, and check that it does
                                          the same
      extract [options]                   find the adapter that turns a base into a tuned model
      init [options]                      make a fresh adapter for a base model, to be trained with PEFT
      inspect [options] <file>            say what an adapter is: dialect, base, modules, ranks,
                                          metadata
      join [options] <part...>            put the parts together that several processes have made of one
                                          job
      merge [options] <adapter...>        write a model again with adapters merged into its weights
      metadata [options] <file>           show, edit or strip what a file says of itself
      resize [options] <file>             write an adapter again at lower ranks, with the least error
                                          they allow
      verify [options] <a> <b>            check that two adapters make the same updates, within a
                                          tolerance
      help [command]                      display help for command

    Inputs are paths, URLs, or hf:owner/name[@revision][/path] for the Hugging Face hub.
    lora <command> --help has the flags of a command, and examples.
    "
  `);
});

test("lora alone shows the same on stderr, as wrong usage", async () => {
  const help = await run(["--help"]);
  const bare = await run([]);
  expect({ code: bare.code, stdout: bare.stdout }).toEqual({ code: 2, stdout: "" });
  expect(help.stdout).toContain(bare.stderr.trimEnd());
});

test("lora --version is one number", async () => {
  const { code, stdout } = await run(["--version"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("lora inspect --help", async () => {
  expect((await run(["inspect", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: lora inspect [options] <file>

    Say what an adapter is: dialect, base model, modules, ranks, metadata. Reads no weights, but for
    --fingerprint.

    Arguments:
      file                  adapter: a .safetensors file or another checkpoint, or a PEFT folder

    Options:
      --metadata            all metadata, and adapter_config.json
      --fingerprint         a short name of the update, the same whatever it is stored as
      --modules <all|glob>  every module, or those whose name fits, e.g. "*attn1*"
      --dialect <id>        read it in this dialect, not in the one it is detected as
      -h, --help            display help for command

    Global Options:
      -V, --version         output the version number
      --json                print the report as one line of JSON
      -q, --quiet           nothing on stderr but errors
      -v, --verbose         all facts of an error, and how long it took
      --no-progress         no progress bar
      --no-color            no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii               nothing but ASCII characters
      --seed <n>            seed of randomised methods (default: 0)
      --threads <n>         modules worked on at once (default: one a core, at most 8)
      --wide-vectors        vectors of 256 bits (experimental): faster products

    Examples:
      # what it is, on one screen
      lora inspect style.safetensors
      # some modules, all metadata
      lora inspect my-adapter/ --modules "*q_proj" --metadata
      # one of the Hugging Face hub; nothing is downloaded but its header
      lora inspect hf:owner/name
      # the same for a program
      lora inspect style.safetensors --json
    "
  `);
});

test("lora analyse --help", async () => {
  expect((await run(["analyse", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: lora analyse|analyze [options] <file>

    Measure every update: singular values, norms, effective ranks, and what lower ranks would cost. With
    --base also how it lies to the weight it changes.

    Arguments:
      file                  adapter: a .safetensors file or another checkpoint, or a PEFT folder

    Options:
      --base <path>         the model it was trained on; only the paired weights are read
      --modules <all|glob>  every module, or those whose name fits, e.g. "*attn1*"
      --dialect <id>        read it in this dialect, not in the one it is detected as
      --keep-going          go on past modules whose values are NaN or infinite, and name them
      --device <name>       what measures the weights of the base: a GPU, where it pays, or the
                            processor (choices: "auto", "cpu", "webgpu", "webgpu-software", default:
                            "auto")
      --shard <i/n>         do the i-th of n parts of the job, to be put together by lora join
      -h, --help            display help for command

    Global Options:
      -V, --version         output the version number
      --json                print the report as one line of JSON
      -q, --quiet           nothing on stderr but errors
      -v, --verbose         all facts of an error, and how long it took
      --no-progress         no progress bar
      --no-color            no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii               nothing but ASCII characters
      --seed <n>            seed of randomised methods (default: 0)
      --threads <n>         modules worked on at once (default: one a core, at most 8)
      --wide-vectors        vectors of 256 bits (experimental): faster products

    Examples:
      # how much of the rank is used, and where
      lora analyse style.safetensors
      # against the base weights
      lora analyse style.safetensors --base sd_xl_base_1.0.safetensors
      # all singular values
      lora analyse style.safetensors --json | jq '.modules[].singularValues'
    "
  `);
});

test("lora analyze is the same command", async () => {
  expect((await run(["analyze", "--help"])).stdout).toBe((await run(["analyse", "--help"])).stdout);
});

test("lora resize --help", async () => {
  expect((await run(["resize", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: lora resize [options] <file>

    Write an adapter again at lower ranks, with the least error those ranks allow.

    Arguments:
      file                 adapter: a .safetensors file or another checkpoint, or a PEFT folder

    Rules, one of them:
      --rank <n>           this rank for every module
      --energy <p>         smallest rank that keeps this share of the energy, the sum of s^2
      --error <e>          smallest rank with at most this relative error
      --knee [scale]       where the spectrum bends (choices: "linear", "log", preset: "linear")
      --sv-ratio <x>       kohya: keep s above s1 / x
      --sv-fro <p>         kohya: keep this share of the Frobenius norm
      --sv-cumulative <p>  kohya: keep this share of the sum of s
      --recipe <r>         resize_lora recipe, e.g. spn_ckpt=1,thr=-1.2; several separated by :

    Limits:
      --max-rank <n>       never more than this
      --conv-rank <n>      rank, or most, of modules with a kernel above 1x1
      --kohya-plus-one     one pair more than the kohya rules say, as its script keeps

    Options:
      -o, --out <path>     a .safetensors file, or a folder; recipes add their name to it
      --base <path>        the model it was trained on, for the recipes that ask for it
      --norms <path>       keep the norms of the base in this file, so that later runs need not find
                           them
      --dtype <type>       store the factors as (default: as they are) (choices: "f16", "bf16", "f32")
      --dialect <id>       read it in this dialect, not in the one it is detected as
      --device <name>      what measures the weights of the base: a GPU, where it pays, or the processor
                           (choices: "auto", "cpu", "webgpu", "webgpu-software", default: "auto")
      --force              overwrite what is there
      --dry-run            say what would be written, and write nothing
      --shard <i/n>        do the i-th of n parts of the job, to be put together by lora join
      -h, --help           display help for command

    Global Options:
      -V, --version        output the version number
      --json               print the report as one line of JSON
      -q, --quiet          nothing on stderr but errors
      -v, --verbose        all facts of an error, and how long it took
      --no-progress        no progress bar
      --no-color           no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii              nothing but ASCII characters
      --seed <n>           seed of randomised methods (default: 0)
      --threads <n>        modules worked on at once (default: one a core, at most 8)
      --wide-vectors       vectors of 256 bits (experimental): faster products

    Examples:
      # keep 99% of the energy
      lora resize style.safetensors -o small.safetensors --energy 0.99
      # fixed ranks
      lora resize style.safetensors -o out/ --rank 16 --conv-rank 8 --dtype f16
      # two outputs by importance against the base
      lora resize style.safetensors -o s.safetensors --base model.safetensors --recipe spn_ckpt=1,thr=-1.2:spn_ckpt=1,size=32
    "
  `);
});

test("lora verify --help", async () => {
  expect((await run(["verify", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: lora verify [options] <a> <b>

    Check that two adapters make the same updates, whatever their ranks, dialects and stored types.
    Exits with 3 when they differ.

    Arguments:
      a                    adapter to compare with
      b                    adapter to check

    Options:
      --tolerance <error>  largest relative error of a module that passes (default: what rounding
                           explains)
      --dialect <id>       read both in this dialect, not in what they are detected as
      --shard <i/n>        do the i-th of n parts of the job, to be put together by lora join
      -h, --help           display help for command

    Global Options:
      -V, --version        output the version number
      --json               print the report as one line of JSON
      -q, --quiet          nothing on stderr but errors
      -v, --verbose        all facts of an error, and how long it took
      --no-progress        no progress bar
      --no-color           no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii              nothing but ASCII characters
      --seed <n>           seed of randomised methods (default: 0)
      --threads <n>        modules worked on at once (default: one a core, at most 8)
      --wide-vectors       vectors of 256 bits (experimental): faster products

    Examples:
      # the same but for rounding?
      lora verify style.safetensors converted.safetensors
      # the same within a tenth?
      lora verify style.safetensors small.safetensors --tolerance 0.1
      # in a script
      lora verify a.safetensors b.safetensors --json > verify.json || echo differ
    "
  `);
});

test("lora complete --help", async () => {
  expect((await run(["complete", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: lora complete [options] [shell]

    Print the script that makes a shell complete the verbs and flags of lora.

    Arguments:
      shell           bash, zsh, fish or powershell

    Options:
      -h, --help      display help for command

    Global Options:
      -V, --version   output the version number
      --json          print the report as one line of JSON
      -q, --quiet     nothing on stderr but errors
      -v, --verbose   all facts of an error, and how long it took
      --no-progress   no progress bar
      --no-color      no colours (also NO_COLOR; FORCE_COLOR turns them on)
      --ascii         nothing but ASCII characters
      --seed <n>      seed of randomised methods (default: 0)
      --threads <n>   modules worked on at once (default: one a core, at most 8)
      --wide-vectors  vectors of 256 bits (experimental): faster products

    Examples:
      # in ~/.bashrc
      source <(lora complete bash)
      # for fish
      lora complete fish > ~/.config/fish/completions/lora.fish
    "
  `);
});
