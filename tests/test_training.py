"""Fitting, cross-validating, saving."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance.additions import Additions, take_in
from stance.classifier import FitError, StanceClassifier
from stance.corpus import (
    Corpus,
    CorpusError,
    Located,
    article_folders,
    group_of,
    shipped_data,
)
from stance.lineage import earlier_additions, training_data
from stance.ranking import default_ranker
from stance.records import Annotation, Quoted, Source, Span, Stance
from stance.registry import Registry, RegistryError
from stance.training import describe, ensure_trained, fit, leave_one_article_out, train

FRESH = Annotation(text="Perfectly fresh words about it.", stance=Stance.DENY, origin="feedback")


@pytest.fixture
def tiny(small_corpus: Corpus) -> Corpus:
    """Return the seeds and few authored statements, quick to train on."""
    return Corpus(small_corpus.claim, small_corpus.annotations[:200])


def test_training_saves_scores_and_activates(tmp_path: Path, tiny: Corpus) -> None:
    """The new version is active and its manifest tells data, scores and thresholds."""
    registry = Registry(tmp_path)
    trained = train(registry, tiny)
    manifest = registry.manifest(registry.active_version())
    assert manifest["version"] == trained.version
    assert manifest["claim"]["id"] == tiny.claim.id
    assert manifest["data"]["statements"] == trained.statements == 200
    assert manifest["scores"]["grouped_cross_validation"] == trained.scores.as_json()
    assert set(manifest["thresholds"]) == {"confirm", "deny", "evade", "unrelated"}
    assert trained.before is None


def test_additions_are_kept_for_the_next_training(tmp_path: Path, tiny: Corpus) -> None:
    """What was added once stays in later trainings, and both scores are shown."""
    registry = Registry(tmp_path)
    assert earlier_additions(registry) == []
    first = train(registry, tiny, additions=Additions((FRESH,), fresh=1))
    [kept] = earlier_additions(registry)
    assert kept.annotation == FRESH
    assert kept.where.endswith("/added.jsonl:1")
    second = train(registry, tiny, additions=take_in(tiny, [kept], []))
    assert second.statements == first.statements == 201
    assert second.before == first.scores.as_json()
    row = f"macro-F1          {second.scores.macro_f1:>8.3f}{first.scores.macro_f1:>8.3f}"
    assert row in second.table()
    assert registry.manifest(str(second.version))["parent"] == first.version


def test_a_preferred_annotation_corrects_an_old_one(tmp_path: Path, tiny: Corpus) -> None:
    """An annotation of the same words takes the place of the corpus's own."""
    old = tiny.annotations[0]
    correction = Annotation(
        text=old.text, question=old.question, context=old.context, stance=Stance.UNRELATED
    )
    additions = take_in(tiny, [], [Located("f:1", correction)], prefer="new")
    trained = train(Registry(tmp_path), tiny, additions=additions)
    assert trained.statements == 200
    data = training_data(Registry(tmp_path), str(trained.version))
    assert data is not None
    assert data[0].stance is Stance.UNRELATED


def test_a_dry_run_writes_nothing(tmp_path: Path, tiny: Corpus) -> None:
    """Scores and verdict are told; not even the folder is made."""
    trained = train(Registry(tmp_path / "models"), tiny, activation="never")
    assert (trained.version, trained.active) == (None, False)
    assert trained.verdict.passed
    assert list(tmp_path.iterdir()) == []


def wrong(annotations: Sequence[Annotation], number: int) -> list[Annotation]:
    """Return fresh statements that confirm or dodge, all labelled as denials."""
    chosen = [a for a in annotations if a.stance is not Stance.DENY][:number]
    return [replace(a, id=None, stance=Stance.DENY, origin="feedback") for a in chosen]


@pytest.fixture(scope="module")
def parts(shipped: Corpus) -> tuple[Corpus, list[Annotation]]:
    """Return a fifth of the shipped data, and statements of other groups."""
    groups = sorted({group_of(a) for a in shipped.annotations})
    kept, fresh = set(groups[::5]), set(groups[1::5])
    mine = tuple(a for a in shipped.annotations if group_of(a) in kept)
    return Corpus(shipped.claim, mine), [a for a in shipped.annotations if group_of(a) in fresh]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory, parts: tuple[Corpus, Any]) -> Path:
    """Return a registry whose active model learned a fifth of the shipped data."""
    folder = tmp_path_factory.mktemp("fifth")
    train(Registry(folder), parts[0])
    return folder


@pytest.fixture
def fifth(serving: Path, tmp_path: Path) -> Registry:
    """Return a copy of that registry."""
    shutil.copytree(serving, tmp_path / "fifth")
    return Registry(tmp_path / "fifth")


def test_wrong_labels_are_saved_but_not_activated(
    fifth: Registry, parts: tuple[Corpus, list[Annotation]]
) -> None:
    """200 fresh denials that are none make the model worse where it was known to be right."""
    corpus, fresh = parts
    before = fifth.active_version()
    poison = Additions(tuple(wrong(fresh, 200)), fresh=200)
    trained = train(fifth, corpus, additions=poison)
    assert not trained.active
    assert fifth.active_version() == before
    assert trained.version in fifth.versions()
    assert trained.reason.startswith("worse than the active model beyond the noise: ")
    assert any(c.worse and c.measure == "deny" for c in trained.verdict.comparisons)
    assert f"saved, NOT active: {trained.version}" in trained.table()
    assert fifth.manifest(str(trained.version))["gate"]["passed"] is False
    assert earlier_additions(fifth) == []
    forced = train(fifth, corpus, additions=poison, activation="always")
    assert forced.active
    assert fifth.active_version() == forced.version
    # Leaving the wrong ones out again is no loss, though the active model knew them.
    repaired = train(fifth, corpus)
    assert repaired.active, repaired.reason


def test_right_labels_and_the_same_data_pass(
    fifth: Registry, parts: tuple[Corpus, list[Annotation]]
) -> None:
    """Good fresh statements are taken in, and training again on the same is no loss."""
    corpus, fresh = parts
    good = Additions(tuple(replace(a, id=None) for a in fresh[:200]), fresh=200)
    trained = train(fifth, corpus, additions=good)
    assert trained.active, trained.reason
    again = train(fifth, corpus, additions=good)
    assert again.active
    assert [c.difference for c in again.verdict.comparisons] == [0] * 5


def test_much_less_data_does_not_pass(
    fifth: Registry, parts: tuple[Corpus, list[Annotation]]
) -> None:
    """A model of few statements is held against all that the active one was trained on."""
    corpus = parts[0]
    trained = train(fifth, Corpus(corpus.claim, corpus.annotations[::20]))
    assert not trained.active
    assert trained.verdict.comparisons[0].statements == len(corpus.annotations)


@pytest.mark.parametrize(
    ("name", "content"), [("classifier.joblib", b""), ("manifest.json", b"{")], ids=str
)
def test_a_broken_active_model_does_not_block(
    tmp_path: Path, tiny: Corpus, name: str, content: bytes
) -> None:
    """Where the active model cannot be loaded there is nothing to compare with."""
    registry = Registry(tmp_path)
    first = str(train(registry, tiny).version)
    (tmp_path / "versions" / first / name).write_bytes(content)
    trained = train(registry, tiny, additions=Additions((FRESH,), fresh=1))
    assert trained.active
    assert trained.reason.startswith(f"nothing to compare it with: model {first}: ")
    assert registry.load().version == trained.version


def test_a_broken_file_of_additions_is_told(tmp_path: Path, tiny: Corpus) -> None:
    """The work of people is not dropped silently."""
    registry = Registry(tmp_path)
    first = str(train(registry, tiny).version)
    (tmp_path / "versions" / first / "added.jsonl").write_text('{"text": "x", "stance": "deny"}')
    with pytest.raises(RegistryError, match="leave it out with: stance train --forget"):
        earlier_additions(registry)


def test_another_claim_does_not_pass(tmp_path: Path, tiny: Corpus) -> None:
    """A model about something else is not put in the place of the one that serves."""
    registry = Registry(tmp_path)
    train(registry, tiny)
    other = Corpus(replace(tiny.claim, id="moon-landing"), tiny.annotations)
    trained = train(registry, other)
    assert not trained.active
    assert trained.reason == f"the active model is about another claim ({tiny.claim.id})"


def kept(folder: Path) -> list[Path]:
    """Return all paths in a registry but its locks."""
    return sorted(path for path in folder.rglob("*") if path.suffix != ".lock")


def test_a_failed_training_changes_nothing(tmp_path: Path, tiny: Corpus) -> None:
    """Data that cannot be fitted leaves the active model and the folder as they were."""
    registry = Registry(tmp_path)
    train(registry, tiny)
    before = kept(tmp_path)
    one_class = [a for a in tiny.annotations if a.stance is Stance.DENY]
    with pytest.raises(ValueError, match="all are 'deny'"):
        train(registry, Corpus(tiny.claim, tuple(one_class)))
    assert kept(tmp_path) == before


def test_ensure_trained_leaves_a_model_alone(models: Path) -> None:
    """Where a model is active nothing is trained."""
    before = Registry(models).versions()
    ensure_trained(Registry(models))
    assert Registry(models).versions() == before


def test_leaving_articles_out_scores_each_once(tiny: Corpus) -> None:
    """Each annotated statement of the seed articles is scored once."""
    seeds = [a for a in tiny.annotations if a.origin == "seed"]
    scores = leave_one_article_out(tiny.annotations).scores()
    assert scores.statements == len(seeds)
    assert scores.macro_f1 > 0.3


def test_the_card_tells_what_the_model_is_worth(tmp_path: Path, tiny: Corpus) -> None:
    """A version's manifest has scores with intervals, the commonest mistakes, limits, data."""
    registry = Registry(tmp_path)
    card = registry.manifest(str(train(registry, tiny).version))
    for scheme, statements in (("grouped_cross_validation", 200), ("leave_one_article_out", 92)):
        scores = card["scores"][scheme]
        assert scores["statements"] == statements
        assert scores["interval"][0] <= scores["macro_f1"] <= scores["interval"][1]
        assert 0 <= scores["calibration_error"] <= 1
    mistakes = [one["statements"] for one in card["scores"]["mistakes"]]
    assert mistakes == sorted(mistakes, reverse=True)
    bins = card["scores"]["reliability"]
    assert sum(one["count"] for one in bins) == 200
    assert all(one["low"] <= one["probability"] <= one["high"] for one in bins)
    assert card["limits"] == list(tiny.claim.limits) != []
    by_origin = card["data"]["stance by origin"]
    assert sum(by_origin["seed"].values()) == 92
    assert {"thresholds", "libraries", "seconds", "parameters"} <= card.keys()


def test_a_classifier_fitted_to_a_part_keeps_its_calibration(tiny: Corpus) -> None:
    """The refitted one has learned the part as if alone, and the old one is as it was."""
    first = fit(StanceClassifier(), tiny.annotations)
    labels = [str(a.stance) for a in tiny.annotations]
    before = first.predict_proba(tiny.annotations[:3])
    part = np.arange(50, len(labels))
    [other] = first.refits(tiny.annotations, labels, [part])
    assert (other.temperature_, other.thresholds_) == (first.temperature_, first.thresholds_)
    assert (first.predict_proba(tiny.annotations[:3]) == before).all()
    alone = fit(StanceClassifier(), tiny.annotations[50:])
    alone.temperature_, alone.thresholds_ = first.temperature_, first.thresholds_
    ours, theirs = (c.assess(tiny.annotations[:50]) for c in (other, alone))
    assert np.allclose(ours.probabilities, theirs.probabilities, atol=1e-3)
    assert (ours.needs_review == theirs.needs_review).all()
    one_sided = [np.flatnonzero(np.array(labels) != "deny")]
    with pytest.raises(FitError, match="must be those of the first fit"):
        list(first.refits(tiny.annotations, labels, one_sided))


def test_leaving_out_needs_articles(tiny: Corpus) -> None:
    """Without seed annotations there is no article to leave out."""
    plain = Corpus(tiny.claim, (FRESH,))
    with pytest.raises(CorpusError, match="there are no seed annotations"):
        leave_one_article_out(plain.annotations)


def test_description_counts() -> None:
    """The description of the data counts labels, origins and kinds, and has a digest."""
    described = describe([FRESH, FRESH])
    assert described["statements"] == 2
    assert described["stance"] == {"deny": 2}
    assert described["origin"] == {"feedback": 2}
    assert described["kind"] == {"unknown": 2}
    assert described["sha256"] != describe([FRESH])["sha256"]
    assert json.dumps(described)


def test_the_ranker_learns_from_annotated_articles(tmp_path: Path, tiny: Corpus) -> None:
    """Annotations whose articles are at hand teach the ranker; a fresh one does as well."""
    registry, folders = Registry(tmp_path / "models"), article_folders(shipped_data())
    train(registry, tiny, articles=folders)
    taught = registry.ranker()
    assert taught != default_ranker()
    text = "Lea Roux said that Tom Poe was late."
    (tmp_path / "fresh.txt").write_text(text)
    fresh = Annotation(
        text="Tom Poe was late",
        article="fresh",
        spans=(Span(19, 35),),
        source=Source("Tom Poe", mention=Quoted("Tom Poe", 19, 26)),
        stance=Stance.UNRELATED,
    )
    additions = take_in(tiny, [], [Located("fresh.jsonl:1", fresh)])
    train(
        registry,
        tiny,
        additions=additions,
        activation="always",
        articles=[*folders, tmp_path],
    )
    again = registry.ranker()
    assert again.weights["inside what is said"] > taught.weights["inside what is said"]


def test_without_articles_the_shipped_ranker_stays(tmp_path: Path, tiny: Corpus) -> None:
    """Where no article is at hand no ranker is fitted."""
    registry = Registry(tmp_path)
    train(registry, tiny)
    assert registry.ranker() == default_ranker()
