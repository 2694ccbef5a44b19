"""Fitting, cross-validating, saving."""

import json
from pathlib import Path

import pytest

from stance.corpus import Corpus, CorpusError, article_folders, shipped_data
from stance.ranking import default_ranker
from stance.records import Annotation, Quoted, Source, Span, Stance
from stance.registry import Registry
from stance.training import (
    describe,
    earlier_additions,
    ensure_trained,
    leave_one_article_out,
    train,
)

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
    first = train(registry, tiny, fresh=[FRESH])
    assert earlier_additions(registry) == [FRESH]
    second = train(registry, tiny, earlier=earlier_additions(registry))
    assert second.statements == first.statements == 201
    assert second.before == first.scores.as_json()
    row = f"macro-F1          {second.scores.macro_f1:>8.3f}{first.scores.macro_f1:>8.3f}"
    assert row in second.table()


def test_a_fresh_annotation_corrects_an_old_one(tmp_path: Path, tiny: Corpus) -> None:
    """An annotation of the same words replaces the corpus's own."""
    registry = Registry(tmp_path)
    old = tiny.annotations[0]
    correction = Annotation(
        text=old.text, question=old.question, context=old.context, stance=Stance.UNRELATED
    )
    trained = train(registry, tiny, fresh=[correction])
    assert trained.statements == 200


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
    train(registry, tiny, fresh=[fresh], articles=[*folders, tmp_path])
    again = registry.ranker()
    assert again.weights["inside what is said"] > taught.weights["inside what is said"]


def test_without_articles_the_shipped_ranker_stays(tmp_path: Path, tiny: Corpus) -> None:
    """Where no article is at hand no ranker is fitted."""
    registry = Registry(tmp_path)
    train(registry, tiny)
    assert registry.ranker() == default_ranker()


def test_a_failed_training_changes_nothing(tmp_path: Path, tiny: Corpus) -> None:
    """Data that cannot be fitted leaves the active model and the folder as they were."""
    registry = Registry(tmp_path)
    train(registry, tiny)
    before = sorted(tmp_path.rglob("*"))
    one_class = [a for a in tiny.annotations if a.stance is Stance.DENY]
    with pytest.raises(ValueError, match="all are 'deny'"):
        train(registry, Corpus(tiny.claim, tuple(one_class)))
    assert sorted(tmp_path.rglob("*")) == before


def test_ensure_trained_leaves_a_model_alone(models: Path) -> None:
    """Where a model is active nothing is trained."""
    before = Registry(models).versions()
    ensure_trained(Registry(models))
    assert Registry(models).versions() == before


def test_leaving_articles_out_scores_each_once(tiny: Corpus) -> None:
    """Each annotated statement of the seed articles is scored once."""
    seeds = [a for a in tiny.annotations if a.origin == "seed"]
    scores = leave_one_article_out(tiny)
    assert scores.statements == len(seeds)
    assert scores.macro_f1 > 0.3


def test_leaving_out_needs_articles(tiny: Corpus) -> None:
    """Without seed annotations there is no article to leave out."""
    plain = Corpus(tiny.claim, (FRESH,))
    with pytest.raises(CorpusError, match="there are no seed annotations"):
        leave_one_article_out(plain)


def test_description_counts() -> None:
    """The description of the data counts labels, origins and kinds, and has a digest."""
    described = describe([FRESH, FRESH])
    assert described["statements"] == 2
    assert described["stance"] == {"deny": 2}
    assert described["origin"] == {"feedback": 2}
    assert described["kind"] == {"unknown": 2}
    assert described["sha256"] != describe([FRESH])["sha256"]
    assert json.dumps(described)
