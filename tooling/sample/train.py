"""Make the bundled sample: train it, convert it, measure it, describe it.

    python -m pip install -r requirements.txt
    python train.py                 # every step, about ten minutes on one core
    python train.py base adapters   # only these steps

The steps, in order: base, adapters, kohya, expected, readme, check.
"""

import argparse

import check
import expected
import kohya
import readme
from adapters import ADAPTERS, PIRATE, train_adapter
from model import make_deterministic, train_base


def train_adapters() -> None:
    """Train every adapter on the saved base model."""
    for adapter in ADAPTERS:
        train_adapter(adapter)


STEPS = {
    "base": train_base,
    "adapters": train_adapters,
    "kohya": lambda: kohya.convert(PIRATE),
    "expected": expected.write,
    "readme": readme.write,
    "check": check.check,
}


def main() -> None:
    """Run the steps that the command line names, or all of them."""
    parser = argparse.ArgumentParser(description="Make the bundled sample.")
    parser.add_argument("steps", nargs="*", metavar="step", help=", ".join(STEPS))
    asked = parser.parse_args().steps
    unknown = set(asked) - set(STEPS)
    if unknown:
        parser.error(f"no such step: {', '.join(sorted(unknown))}")
    make_deterministic()
    for name in asked or STEPS:
        print(f"== {name}", flush=True)
        STEPS[name]()


if __name__ == "__main__":
    main()
