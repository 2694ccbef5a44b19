"""The README is run: its set-up, its commands, its Python, as a new user would."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, copy_project
from serving import MAIN, PATIENCE, eventually, free_port

from service.settings import DEFAULTS

README = (ROOT / "README.md").read_text("utf-8")
SERVE = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/stance serve"
TEST = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"

_LONG = 1800.0  # seconds: a slow machine may train for half an hour


def blocks(language: str) -> list[str]:
    """Return the README's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


@dataclass(frozen=True, slots=True)
class Installed:
    """A copy of the project that the first command has set up, its service answering."""

    folder: Path
    port: int
    environment: dict[str, str]

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the README in the project's folder."""
        command = command.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_LONG,
        )


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    def is_ready() -> bool:
        if process.poll() is not None:
            pytest.fail(f"the service did not come up:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(OSError):
            url = f"http://127.0.0.1:{port}/ready"
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return bool(answer.status == 200)
        return False

    # It is installed, and trains.
    eventually(is_ready, pause=0.2, seconds=_LONG)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Do what the README's first command does, on a free port, with an empty home."""
    folder, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("home")
    copy_project(folder)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("STANCE_")}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    port, log = free_port(), folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-c", f"{SERVE} --port {port}"],
            cwd=folder,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(port, process, log)
        yield Installed(folder, port, environment)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def test_the_two_set_up_commands_stand_in_the_readme() -> None:
    """The README has exactly the two commands for setting up."""
    assert [command for command in COMMANDS if "venv .venv" in command] == [SERVE, TEST]


def test_the_commands_work(installed: Installed) -> None:
    """Every other command of the README, in its order, ends well and prints JSON lines."""
    outputs = {}
    for command in COMMANDS:
        if command in (SERVE, TEST) or "leave-one-article-out" in command:
            continue
        done = installed.run(command)
        assert done.returncode == 0, (command, done.stderr)
        for line in done.stdout.splitlines():
            assert isinstance(json.loads(line), dict), command
        outputs[command] = done.stdout
    [quote] = [out for command, out in outputs.items() if "barefaced" in command]
    assert json.loads(quote)["stance"] == "deny"
    [article] = [out for command, out in outputs.items() if "/articles" in command]
    assert json.loads(article)["statements"][0]["source"]["speaker"] == "Ivan Petrov"
    labelled = (installed.folder / "labelled.jsonl").read_text("utf-8").splitlines()
    page = (installed.folder / "report.html").read_text("utf-8")
    assert "denied 31 October 2024" in page
    assert len((installed.folder / "report.csv").read_text("utf-8").splitlines()) > 50
    assert "Learning curve" in (installed.folder / "training.html").read_text("utf-8")
    articles = {json.loads(line)["article"] for line in labelled}
    assert articles == {path.stem for path in (ROOT / "seeds").glob("*.txt")}


def test_the_figures_are_those_of_the_command() -> None:
    """The README's table of scores is what its command prints."""
    [command] = [c for c in COMMANDS if "leave-one-article-out" in c]
    program, *arguments = command.split()
    assert program == ".venv/bin/stance"
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *arguments], capture_output=True, text=True, timeout=_LONG
    )
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)
    found = re.search(r"macro-F1 \*\*(0\.\d+)\*\* \(95% (0\.\d+) to (0\.\d+), by article\)", README)
    assert found
    told = [float(figure) for figure in found.groups()]
    # Another processor may round a borderline statement to the other side.
    assert told == pytest.approx([scores["macro_f1"], *scores["interval"]], abs=0.015)


def test_the_python_blocks_work() -> None:
    """The README's Python runs and prints what it promises."""
    for block in blocks("python"):
        done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "deny" in done.stdout


def test_nothing_is_missing() -> None:
    """Every command, option, route and setting stands in the README."""
    from stance.cli import _parser

    for name in DEFAULTS:
        assert f"`STANCE_{name}`" in README
    sources = [(ROOT / "service" / f"{n}.py").read_text("utf-8") for n in ("routes", "page")]
    for method, route in re.findall(r'@(?:routes|page)\.(get|post)\("([^"]+)"\)', "".join(sources)):
        assert f"`{method.upper()} {route}`" in README, route
    commands = _parser()._subparsers
    assert commands is not None
    [choices] = [action.choices for action in commands._group_actions]
    assert choices is not None
    for name in choices:
        assert re.search(rf"stance {name}\b", README), name
    for option in (
        "--add",
        "--explain",
        "--data",
        "--forget",
        "--keep",
        "--host",
        "--port",
        "--workers",
    ):
        assert option in README
    for option in ("--prefer", "--force", "--dry-run", "--previous-too", "--encoder"):
        assert option in README
    for option in ("--csv", "--parquet", "--pictures", "--aliases", "--apart", "--report"):
        assert option in README
    for action in ("list", "show", "diff", "activate", "rollback", "prune"):
        assert f"stance models {action}" in README
