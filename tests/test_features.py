"""What the classifier sees of a statement."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.concepts import shipped_lexicon
from stance.corpus import Corpus
from stance.features import FeatureExtractor, carrier, word_spans, words
from stance.records import Source, Statement

SAID = Statement(text="No troops", context="“No troops,” he said.", question="Are they there?")


def names_of(*statements: Statement) -> list[set[str]]:
    """Return the names of each statement's features, all words learned."""
    extractor = FeatureExtractor(min_df=1).fit(statements)
    seen = extractor.observe(statements)
    names = np.array(extractor.feature_names(seen.keys))
    return [set(names[seen.rows == row].tolist()) for row in range(len(statements))]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Kim’s 12,000 men", ["kim's", "0", "men"]),
        ("Jong-un — “NO”", ["jong-un", "no"]),
        ("Солдат нет", ["солдат", "нет"]),
        ("İstanbul", ["istanbul"]),
        ("🙂 …", []),
    ],
)
def test_words(text: str, forms: list[str]) -> None:
    """Words are in lower case, numbers alike, marks left out."""
    assert [form.replace("i̇", "i").replace("İ", "i") for form in words(text)] == forms


@given(st.text())
def test_each_word_has_its_place(text: str) -> None:
    """There are as many places as words, in order, and no two overlap."""
    spans = word_spans(text)
    assert len(spans) == len(words(text))
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_question_and_context_are_kept_apart() -> None:
    """What stands in the question or around the statement is told from what it says itself."""
    [names] = names_of(SAID)
    assert {"w:no troops", "q:are they", "x:he said", "u:he said", "u:no"} <= names
    assert not {"w:said", "x:troops"} & names


def test_the_source_is_not_seen() -> None:
    """Speaker, affiliation, article and id change no feature."""
    other = dataclasses.replace(
        SAID, id="1", article="a", source=Source(speaker="Kim", affiliation="North Korea")
    )
    one, two = names_of(SAID, other)
    assert one == two


@pytest.mark.parametrize(
    ("text", "context", "around"),
    [
        ("No troops", "“No troops,” he said.", ["he", "said"]),
        ("No troops are there", "“No troops,” he said, “are there.”", ["he", "said"]),
        ("They came", "Seoul said nothing.", ["seoul", "said", "nothing"]),
        ("They came", None, []),
    ],
)
def test_the_carrier_is_the_context_without_the_statement(
    text: str, context: str | None, around: list[str]
) -> None:
    """The statement's own words are cut out of its context, interrupted by the cue or not."""
    statement = Statement(text=text, context=context)
    assert carrier(statement, words(text)) == around


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_features_say_where_they_stand(texts: list[tuple[str, str]]) -> None:
    """Each feature that has a place rests on words of its statement."""
    statements = [Statement(text="no troops. " + t, context=c) for t, c in texts]
    seen = FeatureExtractor(min_df=1).fit(statements).observe(statements)
    placed = seen.ends > 0
    assert (seen.firsts[placed] < seen.ends[placed]).all()
    assert (seen.ends <= seen.lengths[seen.rows]).all()
    assert seen.lengths.tolist() == [len(words(s.text)) for s in statements]


def test_a_batch_is_seen_as_its_statements_are_alone(small_corpus: Corpus) -> None:
    """What else is in a batch changes no row."""
    statements = small_corpus.annotations[:60]
    extractor = FeatureExtractor().fit(small_corpus.annotations)
    alone = [extractor.transform([statement]).toarray()[0] for statement in statements]
    assert np.allclose(extractor.transform(statements).toarray(), alone)


def test_fitting_and_transforming_at_once(small_corpus: Corpus) -> None:
    """What is read once for both gives the rows that two readings give."""
    statements = small_corpus.annotations[:200]
    at_once = FeatureExtractor().fit_transform(statements)
    assert (at_once != FeatureExtractor().fit(statements).transform(statements)).nnz == 0
    assert at_once.nnz > 1000


def test_refitting_is_fitting_to_a_part(small_corpus: Corpus) -> None:
    """What was read once gives the features, names and rows that reading the part gives."""
    statements, part = small_corpus.annotations[:300], np.arange(0, 300, 2)
    whole = FeatureExtractor()
    ours, rows = whole.refit(whole.fit_transform(statements), part)
    alone = FeatureExtractor().fit([statements[i] for i in part])
    names = [set(extractor.feature_names(extractor.keys_)) for extractor in (ours, alone)]
    assert names[0] == names[1]
    assert ours.numbers_.keys() <= alone.numbers_.keys()
    assert np.allclose(rows.toarray(), ours.transform(statements).toarray())


def test_rows_have_unit_length() -> None:
    """Rows are of unit length, or zero where nothing is known."""
    extractor = FeatureExtractor(min_df=2).fit([Statement(text="one two")] * 2)
    # A statement without any word is known for that.
    extractor.keys_ = extractor.keys_[:2]
    rows = extractor.transform([Statement(text="one two"), Statement(text="three")])
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)).A1, [1, 0])


def test_rare_features_are_left_out() -> None:
    """A feature of one statement only is no feature with `min_df=2`."""
    extractor = FeatureExtractor(min_df=2).fit(
        [Statement(text="one two"), Statement(text="two three")]
    )
    learned = extractor.feature_names(extractor.keys_)
    assert [name for name in learned if name[:2] == "w:"] == ["w:two"]


def test_a_rarer_feature_weighs_more() -> None:
    """Inverse document frequency tells the rare from the common."""
    statements = [Statement(text=text) for text in ("alpha beta", "alpha", "alpha")]
    extractor = FeatureExtractor(min_df=1).fit(statements)
    weight = dict(
        zip(
            extractor.feature_names(extractor.keys_),
            extractor.transform(statements[:1]).toarray()[0],
            strict=True,
        )
    )
    assert weight["w:beta"] > weight["w:alpha"] > 0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("No soldiers there", {"concept:troops", "negation:troops", "run:negation>troops"}),
        ("If Pyongyang sent troops", {"supposition:deploy", "pair:north_korea&troops"}),
        ("They thanked our heroes", {"concept:gratitude"}),
    ],
)
def test_concepts_are_features(text: str, names: set[str]) -> None:
    """Concepts count alone, in pairs, in runs, and under negation or supposition."""
    assert names <= names_of(Statement(text=text))[0]


def test_a_scope_has_an_end() -> None:
    """What stands far behind a negation, or in the next statement, is not under its sway."""
    far, near = names_of(
        Statement(text="No one in that old town here has seen soldiers, no"),
        Statement(text="soldiers came"),
    )
    assert "negation:troops" not in far | near


def test_what_is_at_issue_is_told_by_the_question() -> None:
    """The same words are another feature where the question is about the troops."""
    asked = Statement(text="Ask them.", question="Are North Korean soldiers in Kursk?")
    [names] = names_of(asked)
    assert {"issue:2", "q:issue:2", "x:issue:0", "concept at issue:2&redirected"} <= names


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("The trams run again", 0),
        ("Soldiers danced", 3),
        ("Pyongyang sang", 3),
        ("They sent men", 6),
    ],
)
def test_how_near_a_text_comes_to_the_issue(text: str, near: int) -> None:
    """Troops and whose they are, or their going, make the issue; one of them is a part of it."""
    [names] = names_of(Statement(text=text))
    assert f"issue:{near}" in names


def test_concepts_are_found_for_all_fields() -> None:
    """The shipped lexicon's concepts are told apart by where they stand."""
    assert "troops" in shipped_lexicon().names
    [names] = names_of(
        Statement(text="Yes", question="Any troops?", context="Asked about arms: Yes")
    )
    assert {"q:concept:troops", "x:concept:arms"} <= names
