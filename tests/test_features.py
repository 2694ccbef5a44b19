"""What the classifier sees of a statement."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.concepts import shipped_lexicon
from stance.features import FeatureVectorizer, carrier, features_of, words
from stance.records import Source, Statement

LEXICON = shipped_lexicon()
SAID = Statement(text="No troops", context="“No troops,” he said.", question="Are they there?")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Kim’s 12,000 men", ["kim's", "0", "men"]),
        ("Jong-un — “NO”", ["jong-un", "no"]),
        ("Солдат нет", ["солдат", "нет"]),
        ("🙂 …", []),
        ("x" * 100, ["x" * 40]),
    ],
)
def test_words(text: str, forms: list[str]) -> None:
    """Words are in lower case, numbers alike, marks left out, endless ones cut."""
    assert [word.form for word in words(text)] == forms


def test_question_and_context_are_kept_apart() -> None:
    """What stands in the question or around the statement is told from what it says itself."""
    names = {feature.name for feature in features_of(SAID, LEXICON)}
    assert {"w:no troops", "q:w:are they", "x:w:he said"} <= names
    assert "w:said" not in names
    assert "x:w:troops" not in names


def test_the_source_is_not_seen() -> None:
    """Speaker, affiliation, article and id change no feature."""
    other = dataclasses.replace(
        SAID, id="1", article="a", source=Source(speaker="Kim", affiliation="North Korea")
    )
    assert list(features_of(other, LEXICON)) == list(features_of(SAID, LEXICON))


def test_the_carrier_is_the_context_without_the_statement() -> None:
    """The statement's own words are cut out of its context."""
    assert carrier(SAID).split() == ["“", ",”", "he", "said."]


@given(st.text())
def test_features_say_where_they_stand(text: str) -> None:
    """Each feature that has a place lies in the text."""
    for feature in features_of(Statement(text=text), LEXICON):
        if feature.start >= 0:
            assert feature.start < feature.end <= len(text)


def test_rows_have_unit_length() -> None:
    """Rows are of unit length, or zero where nothing is known."""
    rows = FeatureVectorizer(min_df=1).fit([{"a", "b"}]).transform([{"a", "b"}, {"c"}])
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)).A1, [1, 0])


def test_rare_features_are_left_out() -> None:
    """A feature of one statement only is no feature with `min_df=2`."""
    vectorizer = FeatureVectorizer(min_df=2).fit([{"one", "two"}, {"two", "three"}])
    assert vectorizer.vocabulary_ == {"two": 0}


def test_a_rarer_feature_weighs_more() -> None:
    """Inverse document frequency tells the rare from the common."""
    rows = FeatureVectorizer(min_df=1).fit([{"a", "b"}, {"a"}, {"a"}]).transform([{"a", "b"}])
    assert rows[0, 1] > rows[0, 0] > 0


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
    assert names <= {feature.name for feature in features_of(Statement(text=text), LEXICON)}


def test_what_is_at_issue_is_told_by_the_question() -> None:
    """The same words are another feature where the question is about the troops."""
    asked = Statement(text="Ask them.", question="Are North Korean soldiers in Kursk?")
    names = {feature.name for feature in features_of(asked, LEXICON)}
    assert "issue:False/True" in names
    assert "issue:False/False" not in names
