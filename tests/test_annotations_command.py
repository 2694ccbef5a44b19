"""`stance annotations`, as a person uses it who looks through what readers sent."""

import json
from pathlib import Path
from typing import Any

import pytest

from stance.cli import main
from stance.jsonl import dumps
from stance.ledger import Ledger, Submission
from stance.records import Prediction, Stance
from stance.registry import Registry


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, list[dict[str, Any]], str]:
    """Run a command; return its exit status, the objects it printed, its messages."""
    capsys.readouterr()
    status = main(argv)
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return the ledger that the settings name, with three annotations in it."""
    url = f"sqlite:///{tmp_path / 'annotations.sqlite3'}"
    monkeypatch.setenv("STANCE_DATABASE", url)
    ledger = Ledger(url)
    ledger.receive([Submission(id=i, text=f"text {i}", stance=Stance.DENY) for i in "abc"])
    return ledger


def test_look_through(capsys: pytest.CaptureFixture[str], ledger: Ledger) -> None:
    """Annotations are listed, accepted, rejected and exported by state."""
    _, rows, _ = run(capsys, "annotations", "list")
    assert [(row["id"], row["state"]) for row in rows] == [(i, "received") for i in "abc"]
    assert rows[0]["annotation"]["text"] == "text a"
    done = run(capsys, "annotations", "reject", "b")
    assert done[:2] == (0, [{"id": "b", "state": "rejected"}])
    assert [row["id"] for row in run(capsys, "annotations", "accept", "--all")[1]] == ["a", "c"]
    _, rows, _ = run(capsys, "annotations", "list", "--state", "rejected")
    assert [row["id"] for row in rows] == ["b"]
    assert [row["text"] for row in run(capsys, "annotations", "export")[1]] == ["text a", "text c"]
    _, rows, _ = run(capsys, "annotations", "export", "--state", "rejected")
    assert [row["stance"] for row in rows] == ["deny"]


def test_kept(capsys: pytest.CaptureFixture[str], ledger: Ledger) -> None:
    """Kept statements come with their prediction and how often they were asked about."""
    sure = Prediction(
        text="t",
        stance=Stance.DENY,
        probability=0.9,
        probabilities={"deny": 0.9},
        needs_review=False,
        evidence=(),
        model="m",
    )
    ledger.keep([sure, sure])
    _, [row], _ = run(capsys, "annotations", "kept")
    assert (row["text"], row["stance"], row["count"]) == ("t", "deny", 2)


def test_an_unknown_id(capsys: pytest.CaptureFixture[str], ledger: Ledger) -> None:
    """An id that is not there is one line of error."""
    status, printed, err = run(capsys, "annotations", "accept", "a", "zz")
    assert (status, printed) == (1, [])
    assert "there is no annotation 'zz'; see: stance annotations list" in err
    assert [entry.state for entry in ledger.entries()] == ["received"] * 3


@pytest.mark.parametrize(
    "argv",
    [["accept"], ["reject", "a", "--all"], ["list", "--state", "lost"], []],
    ids=["nothing named", "both", "no such state", "no action"],
)
def test_wrong_usage(argv: list[str], ledger: Ledger) -> None:
    """Wrong usage ends with status 2."""
    with pytest.raises(SystemExit) as caught:
        main(["annotations", *argv])
    assert caught.value.code == 2


def test_a_database_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A wrong URL and a file that is no database end in one line of error."""
    (tmp_path / "junk").write_text("junk" * 500)
    for url in ("mysql://u:secret@h/d", f"sqlite:///{tmp_path / 'junk'}"):
        monkeypatch.setenv("STANCE_DATABASE", url)
        status, printed, err = run(capsys, "annotations", "list")
        assert (status, printed, err.count("\n")) == (1, [], 1)
        assert "secret" not in err


def test_train_takes_the_accepted_ones_in(
    capsys: pytest.CaptureFixture[str],
    models: Path,
    ledger: Ledger,
    tmp_path: Path,
    small_corpus: Any,
) -> None:
    """An accepted annotation is part of the next training, those not accepted are not."""
    from stance.records import as_json

    data = tmp_path / "data"
    data.mkdir()
    rows = [as_json(a) for a in small_corpus.annotations[92:220]]
    (data / "some.jsonl").write_text("".join(dumps(row) + "\n" for row in rows), "utf-8")
    (data / "claim.json").write_text(dumps(as_json(small_corpus.claim)), "utf-8")
    ledger.decide("accepted", ["b"])
    status, [outcome], _ = run(capsys, "train", "--force", "--data", str(data))
    assert (status, outcome["statements"], outcome["added"]) == (0, 129, 1)
    added = Registry(models).read(outcome["version"], "added.jsonl") or b""
    assert [json.loads(line)["id"] for line in added.splitlines()] == ["b"]
