"""What the tests share: the command line program of this checkout, and its corpus."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"


def program() -> Path:
    """The command line program; SOLIEU_PROGRAM names another than the one that `cargo build` makes."""
    told = os.environ.get("SOLIEU_PROGRAM")
    path = Path(told) if told else Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "solieu"
    assert path.is_file(), f"{path} is not there: run `cargo build` first, or name the program in SOLIEU_PROGRAM"
    return path


def solieu(*arguments: object, input: bytes | None = None, status: int = 0) -> bytes:
    """What a command prints."""
    done = subprocess.run([program(), *map(str, arguments)], input=input, capture_output=True, check=False)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="session")
def articles() -> dict[str, str]:
    """The texts of the corpus by id, in the order of the command line."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((CORPUS / "press").glob("*.txt"))}
