"""A wheel carries all that the package needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import ROOT, copy_project


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    """Articles, annotations, claim, word lists and the page travel in the wheel; tests do not."""
    tree, wheels = tmp_path / "tree", tmp_path / "wheels"
    tree.mkdir()
    copy_project(tree)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(wheels)]
    subprocess.run([*command, str(tree)], check=True, capture_output=True)
    [wheel] = wheels.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"stance/seeds/{p.name}" for p in (ROOT / "seeds").glob("*.txt")}
    wanted |= {
        f"stance/{p.relative_to(ROOT)}"
        for p in (ROOT / "training_data").rglob("*")
        if p.suffix in (".json", ".jsonl", ".txt")
    }
    for package in ("stance", "service"):
        wanted |= {
            str(p.relative_to(ROOT))
            for p in (ROOT / package).rglob("*")
            if p.suffix in (".py", ".txt", ".typed", ".html", ".css", ".js", ".svg")
        }
    assert wanted <= names
    assert not [name for name in names if name.startswith("tests")]
