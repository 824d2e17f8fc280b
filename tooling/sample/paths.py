"""Where the sample's files are, relative to the repository root."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
BASE = SAMPLES / "base"
KOHYA = SAMPLES / "kohya"
README = SAMPLES / "README.md"
EXPECTED = ROOT / "tooling" / "sample" / "expected.json"


def relative(path: Path) -> str:
    """Name a file the same way on every machine."""
    return path.relative_to(ROOT).as_posix()
