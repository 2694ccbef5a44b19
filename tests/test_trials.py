"""The training report: its figures are those of the predictions, its page stands alone."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from test_report import HOSTILE, Reader

from stance.cli import main
from stance.corpus import Corpus, group_of
from stance.evaluation import krippendorff_alpha
from stance.records import LABELS, Annotation, Evidence, Stance
from stance.registry import Model, Registry
from stance.training import HeldOut
from stance.training_report import write_training_report
from stance.trials import (
    Agreement,
    TrialError,
    agreement,
    learning_curve,
    of_model,
    of_version,
    worst_errors,
)

C, D, E, U = Stance


def annotation(text: str, stance: Stance, annotator: str | None = None) -> Annotation:
    """Return an annotation."""
    return Annotation(text=text, stance=stance, annotator=annotator)


def trial(*rows: tuple[Stance, tuple[float, float, float, float]]) -> HeldOut:
    """Return predictions with their told labels; probabilities are in the order of LABELS."""
    told = [annotation(f"statement {n}", stance) for n, (stance, _) in enumerate(rows)]
    evidence = [(Evidence("statement", 0, 9, 1.0),)] * len(rows)
    probabilities = np.array([row for _, row in rows])
    return HeldOut(told, probabilities, np.zeros(len(rows), bool), evidence)


def test_worst_errors() -> None:
    """Errors come with the least probability of the told label first; right ones are none."""
    rows = trial((C, (0.9, 0.1, 0.0, 0.0)), (D, (0.6, 0.4, 0.0, 0.0)), (E, (0.9, 0.0, 0.05, 0.05)))
    found = worst_errors(rows)
    assert [(e.annotation.text, e.predicted, e.told_probability) for e in found] == [
        ("statement 2", C, 0.05),
        ("statement 1", C, 0.4),
    ]
    assert all(error.evidence for error in found)


def test_a_version_is_tried_out_of_fold(trained_folder: Path, model: Model) -> None:
    """The scores of a version's trial are those of its manifest; its errors are explained."""
    held_out = of_version(Registry(trained_folder), model)
    told = model.manifest["scores"]["grouped_cross_validation"]
    scores = held_out.scores()
    assert scores.macro_f1 == pytest.approx(told["macro_f1"], abs=1e-4)
    assert scores.reviewed == pytest.approx(told["reviewed"], abs=1e-3)
    errors = worst_errors(held_out, train_on=held_out.annotations)
    assert len(errors) == 30
    assert sum(bool(error.evidence) for error in errors) > 20
    for error in errors:
        for one in error.evidence:
            assert error.annotation.text[one.start : one.end] == one.text


def test_a_version_without_predictions(trained_folder: Path, model: Model, tmp_path: Path) -> None:
    """A version that keeps no predictions is told with what to do."""
    import dataclasses
    import shutil

    folder = tmp_path / "models"
    shutil.copytree(trained_folder, folder)
    [version] = Registry(folder).versions()
    manifest_file = folder / "versions" / version / "manifest.json"
    manifest = json.loads(manifest_file.read_text())
    [files] = [value for key, value in manifest.items() if key in ("files", "sha256")]
    for name in ("data.jsonl.gz", "out_of_fold.npz"):
        (folder / "versions" / version / name).unlink()
        files.pop(name)
    manifest_file.write_text(json.dumps(manifest))
    with pytest.raises(TrialError, match="holds no predictions out of fold; name a file"):
        of_version(Registry(folder), dataclasses.replace(model, version=version))


def test_the_learning_curve_grows(small_corpus: Corpus) -> None:
    """Each point has more statements than the one before, and is scored on the same ones."""
    curve = learning_curve(small_corpus.annotations)
    sizes = [size.statements for size in curve]
    assert len(curve) == 5
    assert sizes == sorted(set(sizes))
    assert len({size.scores.statements for size in curve}) == 1
    assert sizes[-1] + curve[-1].scores.statements == len(small_corpus.annotations)
    assert curve[-1].scores.macro_f1 > curve[0].scores.macro_f1


def test_agreement() -> None:
    """Annotators are compared on the words that both labelled, whatever their marks."""
    told = [
        annotation("No troops are here.", D, "ann"),
        annotation("“no troops are here”", D, "bob"),
        annotation("Ask them.", E, "ann"),
        annotation("Ask them.", U, "bob"),
        annotation("They fight.", C, "ann"),
        annotation("They fight.", C),
        annotation("It rains.", U, "bob"),
    ]
    found, differences = agreement(told)
    alpha = krippendorff_alpha([D, E], [D, U])
    assert found == [Agreement("ann", "bob", 2, 1, pytest.approx(alpha))]
    assert [(one.text, one.labels) for one in differences] == [
        ("Ask them.", (("ann", E), ("bob", U)))
    ]
    assert agreement(told[:2])[0][0].alpha == 1.0
    assert agreement(told[4:]) == ([], [])


def test_the_page_stands_alone(
    small_corpus: Corpus, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page holds figures and hostile text, fetches and runs nothing, with pictures or none."""
    told = [annotation(HOSTILE, D, HOSTILE), annotation(HOSTILE, C, "bob")]
    for pictures in (True, False):
        if not pictures:
            monkeypatch.setitem(sys.modules, "matplotlib", None)
        write_training_report(
            tmp_path / "r.html",
            of_model(model, told),
            how=HOSTILE,
            train_on=small_corpus.annotations[:40],
            annotated=told,
        )
        page = (tmp_path / "r.html").read_text("utf-8")
        reader = Reader(page)
        assert "script" not in reader.tags
        assert "\u202e" not in page
        assert (reader.tags.count("img") >= 2) is pictures
        assert all(link.startswith("data:image/png;base64,") for link in reader.leading_out)
        assert ("stance[pictures]" in page.replace("&#39;", "'")) is not pictures


def test_the_command(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`evaluate --report` writes the page and prints the scores of the active model."""
    page = tmp_path / "r.html"
    assert main(["evaluate", "--report", str(page)]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["labels"] == list(LABELS)
    assert f"{scores['macro_f1']:.3f}" in page.read_text("utf-8")


def test_a_missing_folder_is_told_first(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that cannot be written is told before anything is trained."""
    assert main(["evaluate", "--report", str(tmp_path / "none" / "r.html")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_groups_stay_together(small_corpus: Corpus) -> None:
    """What explains an error was not trained on its scene."""
    first = small_corpus.annotations[0]
    probabilities = np.full((1, 4), 0.1)
    probabilities[0, (LABELS.index(str(first.stance)) + 1) % 4] = 0.7
    lone = HeldOut([first], probabilities, np.zeros(1, bool))
    own = [a for a in small_corpus.annotations if group_of(a) == group_of(first)]
    [error] = worst_errors(lone, train_on=own)
    assert error.evidence == ()
