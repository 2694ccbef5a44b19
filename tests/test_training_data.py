"""The training data keeps the guide's mechanical rules, and its card tells the truth."""

import math
import re
from collections import Counter, defaultdict

import pytest
from conftest import ROOT

from stance.corpus import Corpus
from stance.records import Annotation

DATA = ROOT / "training_data"
MOST_SHARED = 0.6


def forms(annotation: Annotation) -> frozenset[str]:
    """Return the words of a text, in lower case."""
    return frozenset(re.findall(r"\w+", annotation.text.lower()))


def test_every_annotation_is_named_and_unique(shipped: Corpus) -> None:
    """Each has an id of its own, across all files."""
    ids = [annotation.id for annotation in shipped.annotations]
    assert None not in ids
    assert len(set(ids)) == len(ids)


def test_seed_annotations_are_whole(shipped: Corpus) -> None:
    """A seed annotation has kind, spans, context, and a source with its mention."""
    seeds = [a for a in shipped.annotations if a.origin == "seed"]
    assert len(seeds) == 92
    for annotation in seeds:
        assert annotation.kind, annotation.id
        assert annotation.spans, annotation.id
        assert annotation.context, annotation.id
        assert annotation.source and annotation.source.speaker, annotation.id
        assert annotation.source.mention, annotation.id


def test_no_near_duplicates(shipped: Corpus) -> None:
    """No two authored texts share over 60% of their words, but declared minimal pairs."""
    authored = [a for a in shipped.annotations if a.origin == "authored" and not a.article]
    by_word: dict[str, list[int]] = defaultdict(list)
    words = [forms(annotation) for annotation in authored]
    frequency = Counter(word for own in words for word in own)
    for i, own in enumerate(words):
        # Of two texts that share so much, each has a shared word among its rarest ones: the
        # others are too few to be all that they share.
        others = math.ceil(MOST_SHARED * len(own)) - 1
        rarest = sorted(own, key=lambda word: (frequency[word], word))[: len(own) - others]
        for j in {j for word in rarest for j in by_word[word]}:
            jaccard = len(own & words[j]) / len(own | words[j])
            declared = authored[i].pair is not None and authored[i].pair == authored[j].pair
            assert jaccard <= MOST_SHARED or declared, (authored[i].id, authored[j].id)
        for word in rarest:
            by_word[word].append(i)


def test_minimal_pairs_flip_the_label(shipped: Corpus) -> None:
    """The members of a pair are of one scene, and not all of one label."""
    pairs = defaultdict(list)
    for annotation in shipped.annotations:
        if annotation.pair:
            pairs[annotation.pair].append(annotation)
    flipping = [rows for rows in pairs.values() if len({a.stance for a in rows}) > 1]
    assert len(flipping) >= 400
    assert all(len({a.group for a in rows}) == 1 for rows in pairs.values())


@pytest.mark.parametrize("field", ["stance", "origin", "kind"])
def test_the_card_counts_right(shipped: Corpus, field: str) -> None:
    """The counts in the data card are those of the data."""
    card = (DATA / "README.md").read_text("utf-8")
    for value, count in Counter(getattr(a, field) for a in shipped.annotations).items():
        assert re.search(rf"\| `{value}` \| {count:,} \|", card), (field, value, count)
    assert f"{len(shipped.annotations):,} annotations" in card
