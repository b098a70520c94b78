"""What the tests share: the command line program of this checkout, and its corpus."""

import os
import subprocess
from pathlib import Path

import pytest

import solieu as package

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


#: A unit that no rule of the package knows.
UNIT = '''
class = "unit"
title = { vi = "Giạ", en = "Own" }

[[rule]]
id = "own.gia"
why = "A unit of a test."
symbol = "giạ"
dimension = "measure"
forms = ["giạ"]

[[rule.example]]
text = "Tuyến đường liên xã dài 12,5 giạ."
expect = { quote = "12,5 giạ", kind = "measure", amount = "12.5", unit = "giạ", subject = "Tuyến đường liên xã dài" }
'''


def with_own_unit(folder: Path) -> package.Extractor:
    """An extractor that knows `giạ`, from a rule whose file is gone."""
    rule = folder / "units" / "own.toml"
    rule.parent.mkdir()
    rule.write_text(UNIT, encoding="utf-8")
    own = package.Extractor(patterns=folder)
    rule.unlink()
    return own


@pytest.fixture(scope="session")
def articles() -> dict[str, str]:
    """The texts of the corpus by id, in the order of the command line."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((CORPUS / "press").glob("*.txt"))}
