"""The command line, as a user meets it."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stance.cli import main
from stance.corpus import Corpus
from stance.jsonl import dumps
from stance.ranking import SourceRanker
from stance.records import LABELS, as_json
from stance.registry import Registry

ARTICLE = "“There are no troops in Kursk,” Russian spokesman Ivan Petrov said on Monday.\n"


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, list[dict[str, Any]], str]:
    """Run a command; return its exit status, the objects it printed, its messages."""
    capsys.readouterr()
    status = main(argv)
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def article(tmp_path: Path) -> str:
    """Return the path of a short article."""
    path = tmp_path / "news.txt"
    path.write_text(ARTICLE, "utf-8")
    return str(path)


@pytest.fixture
def annotations(tmp_path: Path, small_corpus: Corpus) -> str:
    """Return the path of a file of annotations of all labels."""
    path = tmp_path / "annotations.jsonl"
    rows = [as_json(a) for a in small_corpus.annotations[92:220]]
    path.write_text("".join(dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def test_help_is_quick() -> None:
    """Help imports none of the heavy libraries."""
    code = (
        "import sys, stance.cli\n"
        "try: stance.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'sklearn', 'numpy', 'nltk', 'flask', 'pydantic', 'joblib'} & set(sys.modules)\n"
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for command in ("extract", "label", "analyze", "train", "evaluate", "models", "serve"):
        assert command in done.stdout


def test_extract(capsys: pytest.CaptureFixture[str], article: str) -> None:
    """Statements come as JSON lines with exact spans, source and cue."""
    status, [statement], _ = run(capsys, "extract", article)
    assert status == 0
    assert statement["id"] == "news#1"
    assert statement["kind"] == "direct"
    [[start, end]] = statement["spans"]
    assert ARTICLE[start:end] == statement["text"] == "There are no troops in Kursk,"
    assert statement["source"]["speaker"] == "Ivan Petrov"
    assert statement["source"]["affiliation"] == "Russia"


def test_extract_explains(capsys: pytest.CaptureFixture[str], article: str) -> None:
    """With --explain each statement tells its rule and what spoke for its source."""
    _, plain, _ = run(capsys, "extract", article)
    status, [explained], _ = run(capsys, "extract", "--explain", article)
    explanation = explained.pop("explanation")
    assert (status, [explained]) == (0, plain)
    assert explanation["rule"] == "parenthetical"
    assert explanation["chosen"] == explained["source"]["mention"]
    assert explanation["reason"] is None
    best = explanation["candidates"][0]
    assert best["mention"] == explanation["chosen"]
    assert best["probability"] > explanation["threshold"]
    assert best["contributions"]["named by the syntax"] > 0


def test_extract_uses_the_ranker_of_the_active_model(
    capsys: pytest.CaptureFixture[str], models: Path, article: str
) -> None:
    """Sources are chosen by what was trained, where something was."""
    registry = Registry(models)
    nobody = SourceRanker({}, bias=-9.0)
    artifacts = {**registry.load().artifacts, "ranker": nobody}
    registry.activate(registry.save(artifacts, {}))
    _, [statement], _ = run(capsys, "extract", article)
    assert statement["source"] is None
    _, [prediction], _ = run(capsys, "analyze", article)
    assert prediction["source"] is None


def test_analyze_labels_what_extract_finds(
    capsys: pytest.CaptureFixture[str], article: str, models: Path
) -> None:
    """Analysing gives each extracted statement with its label."""
    _, extracted, _ = run(capsys, "extract", article)
    status, predictions, _ = run(capsys, "analyze", article)
    assert status == 0
    assert [{key: p[key] for key in extracted[0]} for p in predictions] == extracted
    assert predictions[0]["stance"] in LABELS
    assert predictions[0]["model"] == Registry(models).active_version()


def test_one_bad_file_does_not_cost_the_others(
    capsys: pytest.CaptureFixture[str], article: str, tmp_path: Path
) -> None:
    """Missing files, folders, binary and empty files are told; the good one is read."""
    (tmp_path / "binary.txt").write_bytes(b"\x80\x00\xff")
    (tmp_path / "empty.txt").write_bytes(b"")
    bad = [str(tmp_path / "none.txt"), str(tmp_path)]
    bad += [str(tmp_path / "binary.txt"), str(tmp_path / "empty.txt")]
    status, found, err = run(capsys, "extract", *bad, article)
    assert status == 1
    assert len(found) == 1
    lines = [line for line in err.splitlines() if line.startswith("stance: error: ")]
    assert [line.rsplit(": ", 1)[1][:20] for line in lines] == [
        "there is no such fil",
        "is a directory; name",
        "is not UTF-8 text (b",
        "is empty",
    ]


def test_an_article_without_quotations(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Where nobody says anything nothing is printed, and that is no error."""
    path = tmp_path / "quiet.txt"
    path.write_text("It rained all day in Seoul.\n")
    assert run(capsys, "extract", str(path))[:2] == (0, [])


def test_articles_of_one_name_stay_apart(capsys: pytest.CaptureFixture[str], article: str) -> None:
    """The same name twice gives two ids."""
    _, found, _ = run(capsys, "extract", article, article)
    assert [row["article"] for row in found] == ["news", "news-2"]


def test_label_passes_unknown_keys_through(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, models: Path
) -> None:
    """Keys that the program does not know come out again, bad lines are told."""
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "No comment.", "url": "u", "stance": "x"}\n{"text": 3}\n7\n')
    status, [prediction], err = run(capsys, "label", str(path))
    assert status == 1
    assert prediction["url"] == "u"
    assert prediction["stance"] in ("confirm", "deny", "evade", "unrelated")
    assert "in.jsonl:2: /text: Input should be a valid string" in err
    assert "in.jsonl:3: is no JSON object" in err


def test_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, models: Path
) -> None:
    """A dash, or no file, is standard input; articles may be text or JSON lines."""
    for raw, name in ((ARTICLE, "stdin"), (dumps({"id": "i", "text": ARTICLE}), "i")):
        for files in ([], ["-"]):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw.encode())))
            _, [found], _ = run(capsys, "extract", *files)
            assert found["article"] == name


def test_train_add_makes_a_new_active_version(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, models: Path, annotations: str
) -> None:
    """Fresh annotations retrain the model, and its scores and the gate stand beside the old."""
    before = Registry(models).active_version()
    fresh = tmp_path / "fresh.jsonl"
    fresh.write_text(dumps({"text": "Zork! Not one of them.", "stance": "deny"}) + "\n")
    argv = ("train", annotations, "--add", str(fresh), "--force")
    status, [outcome], err = run(capsys, *argv)
    assert status == 0
    assert outcome["active"] is True
    assert outcome["reason"].startswith("forced; the gate says: ")
    assert outcome["version"] == Registry(models).active_version() != before
    assert outcome["statements"] == 129
    assert outcome["before"]["macro_f1"] > 0
    assert "cross-validated        new  active" in err
    _, versions, _ = run(capsys, "models", "list")
    assert [row["active"] for row in versions] == [False, True]


def test_train_refuses_what_is_worse(
    capsys: pytest.CaptureFixture[str], models: Path, annotations: str
) -> None:
    """A model of a tenth of the data is shown, then saved, not active; the status is 3."""
    before = Registry(models).active_version()
    status, [dry], err = run(capsys, "train", annotations, "--dry-run")
    assert (status, dry["version"], dry["active"]) == (3, None, False)
    assert err.splitlines()[-1] == "nothing was saved (--dry-run)"
    assert Registry(models).versions() == [before]
    status, [outcome], err = run(capsys, "train", annotations)
    assert (status, outcome["active"]) == (3, False)
    assert outcome["gate"] == dry["gate"]
    assert outcome["reason"].startswith("worse than the active model beyond the noise: macro-F1 -")
    worse = [line.split()[0] for line in err.splitlines() if line.endswith("worse")]
    assert "macro-F1" in worse
    assert f"stance models activate {outcome['version']}" in err.splitlines()[-1]
    assert Registry(models).active_version() == before
    assert outcome["version"] in Registry(models).versions()


def test_train_lists_conflicts(
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    models: Path,
    small_corpus: Corpus,
) -> None:
    """A fresh label that contradicts an earlier one is refused until it is told who wins."""
    old = small_corpus.annotations[200]
    data, fresh = tmp_path / "old.jsonl", tmp_path / "fresh.jsonl"
    rows = [as_json(a) for a in small_corpus.annotations[100:300]]
    data.write_text("".join(dumps(row) + "\n" for row in rows), "utf-8")
    other = {"confirm": "deny"}.get(str(old.stance), "confirm")
    line = {"text": old.text, "question": old.question, "context": old.context, "stance": other}
    fresh.write_text("\n" + dumps({**line, "typo": 1}) + "\n")
    argv = ("train", str(data), "--add", str(fresh), "--dry-run")
    status, printed, err = run(capsys, *argv)
    assert (status, printed) == (1, [])
    places = f"fresh.jsonl:2: says {other}, {data}:101 says {old.stance}: "
    assert f"conflict: {tmp_path / places}" in caplog.text
    assert err.splitlines()[-1].endswith("settle it with --prefer new or --prefer old")
    for prefer, added in (("new", 1), ("old", 0)):
        _, [outcome], _ = run(capsys, *argv, "--prefer", prefer)
        assert (outcome["added"], outcome["conflicts"], outcome["statements"]) == (added, 1, 200)
    assert "fresh.jsonl:2: key 'typo' is not known and ignored" in caplog.text


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"text": "a", "stance": "maybe"}'], "x.jsonl:1: /stance: Input should be 'confirm'"),
        (['{"text": "a", "stance": "deny"}'] * 2, "two labels at least; all are 'deny'"),
        (
            [
                '{"text": "a", "stance": "deny"}',
                '{"text": "b", "stance": "deny"}',
                '{"text": "c", "stance": "evade"}',
            ],
            "label 'evade' has one statement only",
        ),
        ([], "x.jsonl: is empty"),
    ],
    ids=["unknown label", "one class", "one of a class", "empty"],
)
def test_bad_training_files_harm_nothing(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    models: Path,
    lines: list[str],
    message: str,
) -> None:
    """What cannot be trained on is one line of error, and the active model stays."""
    before = Registry(models).versions()
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines))
    status, printed, err = run(capsys, "train", str(path))
    assert (status, printed) == (1, [])
    assert message in err.splitlines()[-1]
    assert Registry(models).versions() == before
    assert not list(models.glob(".new-*"))


def test_evaluate(capsys: pytest.CaptureFixture[str], models: Path, annotations: str) -> None:
    """Evaluation prints each label's figures, the interval, confusion and calibration."""
    status, [scores], err = run(capsys, "evaluate", annotations)
    assert status == 0
    assert scores["statements"] == 128
    assert scores["model"] == Registry(models).active_version()
    assert scores["interval"][0] <= scores["macro_f1"] <= scores["interval"][1]
    for part in ("precision  recall", "macro-F1", "confusion", "calibration  error"):
        assert part in err


def test_evaluate_wants_to_know_on_what(capsys: pytest.CaptureFixture[str], models: Path) -> None:
    """Without files the usage is told."""
    with pytest.raises(SystemExit) as caught:
        main(["evaluate"])
    assert caught.value.code == 2
    assert "name a file of labelled statements" in capsys.readouterr().err


def test_models(capsys: pytest.CaptureFixture[str], models: Path) -> None:
    """Versions are listed, shown, made active and pruned."""
    version = Registry(models).active_version()
    assert run(capsys, "models", "show")[1][0]["version"] == version
    assert run(capsys, "models", "show", version)[1][0]["claim"]["id"] == "dprk-troops-russia"
    assert run(capsys, "models", "activate", version)[0] == 0
    assert run(capsys, "models", "prune", "--keep", "1")[:2] == (0, [])
    status, _, err = run(capsys, "models", "rollback")
    assert status == 1
    assert "no version was active before" in err
    status, _, err = run(capsys, "models", "activate", "../x")
    assert status == 1
    assert "there is no model '../x'" in err


def test_models_differ_and_roll_back(
    capsys: pytest.CaptureFixture[str], models: Path, annotations: str
) -> None:
    """What a training changed is shown, and undone."""
    first = Registry(models).active_version()
    _, [trained], _ = run(capsys, "train", annotations, "--force")
    status, [found], err = run(capsys, "models", "diff", first)
    assert status == 0
    assert run(capsys, "models", "diff")[1] == [found]
    assert (found["first"], found["second"]) == (first, trained["version"])
    assert found["changes"]["data/statements"]["second"] == 128
    assert found["statements"]["only_first"] > 1000
    assert (found["statements"]["only_second"], found["statements"]["relabelled"]) == (0, 0)
    assert "scores/grouped_cross_validation/macro_f1" in err
    _, versions, _ = run(capsys, "models", "list")
    assert [(row["version"] == first, row["previous"]) for row in versions] == [
        (True, True),
        (False, False),
    ]
    assert run(capsys, "models", "rollback")[:2] == (0, [{"version": first, "active": True}])
    assert Registry(models).active_version() == first
    with pytest.raises(SystemExit):
        main(["models", "diff"])
    same = run(capsys, "models", "diff", first, first)[1][0]
    assert (same["changes"], same["statements"]["only_first"]) == ({}, 0)


@pytest.mark.parametrize(
    "argv",
    [
        ["train", "--force", "--dry-run"],
        ["train", "--prefer", "mine"],
        [],
        ["nonsense"],
        ["models"],
        ["models", "prune", "--keep", "0"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_usage(argv: list[str]) -> None:
    """Wrong usage ends with status 2."""
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2


def test_a_setting_or_folder_that_cannot_be_used_is_one_line(
    capsys: pytest.CaptureFixture[str], models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong setting, and a registry that cannot be written, end in an error, no traceback."""
    monkeypatch.setenv("STANCE_MAX_TEXT", "many")
    assert run(capsys, "serve")[0] == 1
    (models / "file").write_text("")
    monkeypatch.setenv("STANCE_MODELS", str(models / "file" / "below"))
    status, _, err = run(capsys, "models", "show")
    assert status == 1
    assert err.startswith("stance: error: ")
    assert err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error(article: str) -> None:
    """Output into a closed pipe ends quietly."""
    code = "import sys; from stance.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "extract", *[article] * 200]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait() == 0
