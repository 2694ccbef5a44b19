"""Records and their JSON form."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.records import (
    LABELS,
    Annotation,
    Article,
    Prediction,
    Quoted,
    RecordError,
    Stance,
    Statement,
    adapter,
    as_json,
    parse,
    pointer,
)

FULL: dict[str, Any] = {
    "text": "a b",
    "id": "x#1",
    "article": "x",
    "kind": "mixed",
    "spans": [[0, 1], [4, 5]],
    "context": "a, he b",
    "cue": {"text": "said", "start": 2, "end": 6},
    "source": {
        "speaker": "Kim Song",
        "role": None,
        "affiliation": "North Korea",
        "mention": {"text": "he", "start": 3, "end": 5},
    },
    "question": None,
}

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
strings = st.text(characters)
texts = strings.filter(lambda text: text.strip() != "")
offsets = st.integers(0, 10_000)
pieces = st.builds(Quoted, strings, offsets, offsets)


@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        ({}, "/text", "is required"),
        ({"text": 5}, "/text", "valid string"),
        ({"text": None}, "/text", "valid string"),
        ({"text": ""}, "/text", "is empty"),
        ({"text": " \n\t"}, "/text", "only white space"),
        ({"text": "a\0b"}, "/text", "NUL"),
        ({"text": "\ud800"}, "/text", "lone surrogate"),
        ({"text": "a", "context": "\udfff"}, "/context", "lone surrogate"),
        ({"text": "a", "kind": "quoted"}, "/kind", "'direct', 'indirect' or 'mixed'"),
        ({"text": "a", "source": {"speaker": 1}}, "/source/speaker", "valid string"),
        ({"text": "a", "spans": [[1]]}, "/spans/0/1", "is required"),
        ({"text": "a", "spans": [["x", 2]]}, "/spans/0/0", "is no number"),
        ({"text": "a", "spans": [[False, 2]]}, "/spans/0/0", "is no number"),
        ({"text": "a", "spans": [["1", 2]]}, "/spans/0/0", "is no number"),
        ({"text": "a", "spans": [[0, 1.5]]}, "/spans/0/1", "valid integer"),
        ({"text": "a", "spans": [[-1, 2]]}, "/spans/0/0", "greater than or equal to 0"),
        ({"text": "a", "tone": "calm"}, "/tone", "is not a known field"),
        ({"text": "a", "source": {"party": "x"}}, "/source/party", "is not a known field"),
        ([], "", "expected a JSON object, got an array"),
        (None, "", "got null"),
        ("a", "", "got a string"),
        (1.5, "", "got a number"),
    ],
)
def test_parse_names_the_field_at_fault(value: object, place: str, message: str) -> None:
    """A value that is no statement is refused with the field and the reason."""
    with pytest.raises(RecordError, match=message) as caught:
        parse(Statement, value, unknown="forbid")
    assert caught.value.pointer == place


def test_the_schema_refuses_what_is_blank() -> None:
    """The pattern of a text tells the same white space as the validator refuses, and NUL."""
    pattern = re.compile(adapter(Statement).json_schema()["properties"]["text"]["pattern"])
    characters = map(chr, range(0x11000))
    assert [c for c in characters if bool(pattern.search(c)) == (c.isspace() or c == "\0")] == []
    assert pattern.search("a b\n")
    assert not pattern.search("a\0b")


def test_parse_ignores_unknown_keys_where_told() -> None:
    """Unknown keys do no harm where they are not forbidden."""
    assert parse(Statement, {"text": "a", "tone": "calm"}) == Statement(text="a")


def test_json_keeps_every_field() -> None:
    """A full statement comes back from JSON as it went in."""
    assert as_json(parse(Statement, FULL)) == FULL


def test_annotation_needs_a_known_stance() -> None:
    """An unknown label is refused with the ones that there are."""
    with pytest.raises(RecordError, match="'confirm', 'deny', 'evade' or 'unrelated'"):
        parse(Annotation, {"text": "a", "stance": "support"})


def test_labels_are_in_alphabetical_order() -> None:
    """The order of the labels is the one that scikit-learn gives its classes."""
    assert list(LABELS) == sorted(LABELS) == ["confirm", "deny", "evade", "unrelated"]


def test_pointer_escapes_its_steps() -> None:
    """A pointer escapes tilde and slash as RFC 6901 wants it."""
    assert pointer(("a/b", 0, "~")) == "/a~1b/0/~0"


@given(st.builds(Article, texts, texts))
def test_article_round_trip(article: Article) -> None:
    """An article survives JSON."""
    assert parse(Article, json.loads(json.dumps(as_json(article)))) == article


@given(
    st.builds(
        Statement,
        text=texts,
        id=st.none() | strings,
        kind=st.sampled_from(["direct", "indirect", "mixed", None]),
        spans=st.lists(st.tuples(offsets, offsets), max_size=3).map(tuple),
        cue=st.none() | pieces,
        context=st.none() | strings,
    )
)
def test_statement_round_trip(statement: Statement) -> None:
    """A statement survives JSON, its spans as pairs of offsets."""
    assert parse(Statement, json.loads(json.dumps(as_json(statement)))) == statement


@given(
    st.builds(
        Prediction,
        text=texts,
        stance=st.sampled_from(Stance),
        probability=st.floats(0, 1),
        probabilities=st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1)),
        needs_review=st.booleans(),
        evidence=st.just(()),
        model=strings,
    )
)
def test_prediction_round_trip(prediction: Prediction) -> None:
    """A prediction survives JSON."""
    assert parse(Prediction, json.loads(json.dumps(as_json(prediction)))) == prediction
