"""Concepts: patterns of words, grouped by meaning."""

import pickle

import pytest

from stance.concepts import LexiconError, parse_lexicon, shipped_lexicon
from stance.features import words

LEXICON = parse_lexicon(
    ["[north]", "north korea*", "korean", "[send]", "sen*", "bring * home", "[no]", "no", "no such"]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("north korean men", [(0, 2, "north")]),
        ("korean men", [(0, 1, "north")]),
        ("north korea's men", [(0, 2, "north")]),
        ("they sent him", [(1, 2, "send")]),
        ("bring them home", [(0, 3, "send")]),
        ("bring home", []),
        ("no such thing", [(0, 2, "no")]),
        ("north", []),
        ("", []),
    ],
)
def test_match(text: str, expected: list[tuple[int, int, str]]) -> None:
    """The longest pattern of a concept wins; stems and gaps stand for any ending and word."""
    found = [
        (first, end, LEXICON.names[concept]) for first, end, concept in LEXICON.match(text.split())
    ]
    assert found == expected


def test_a_pattern_needs_a_concept() -> None:
    """A list that does not begin with a concept is refused with the line."""
    with pytest.raises(LexiconError, match="'troops' stands before the first"):
        parse_lexicon(["troops"])


def test_the_shipped_lexicon_survives_pickling() -> None:
    """A lexicon that was saved with a model finds what it found before."""
    words = "no north korean soldiers were sent".split()
    copy = pickle.loads(pickle.dumps(shipped_lexicon()))
    assert copy.match(words) == shipped_lexicon().match(words) != []


def test_the_shipped_lexicon_is_tidy() -> None:
    """No phrase stands twice in a concept, and each is written as words are read."""
    for name, patterns in shipped_lexicon().patterns.items():
        assert len(patterns) == len(set(patterns)), name
        read = [words(" ".join(part.rstrip("*") for part in pattern)) for pattern in patterns]
        written = [[part.rstrip("*") for part in p if part != "*"] for p in patterns]
        assert read == written, name
