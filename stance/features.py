"""What the stance classifier sees of a statement: text, question and context; never the source."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin

from stance.concepts import ConceptLexicon, Match
from stance.records import Statement

# A run of letters with inner apostrophes or hyphens, or a number; marks carry no weight alone.
_WORD = re.compile(r"[^\W\d_]+(?:['’‘\-‑][^\W\d_]+)*|\d[\d.,]*")
_LONGEST_WORD = 40  # a longer run of letters is no word
# How many words behind a word of the concept are under its sway.
_SCOPES = {"negation": 5, "supposition": 8}


class Word(NamedTuple):
    """A word in lower case (a number as `0`), and where it stands in its text."""

    form: str
    start: int
    end: int


class Feature(NamedTuple):
    """A named observation; where it is of the statement's own text, `start` is at least 0."""

    name: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the words of a text in order."""
    return [
        Word(_normal(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)
    ]


def features_of(statement: Statement, lexicon: ConceptLexicon) -> Iterator[Feature]:
    """Yield every feature of a statement; one that occurs twice comes twice.

    `w:` word n-grams of the text, `q:` those of the question, `x:` of what stands around the
    statement in its context, `u:` of all three alike; `concept:` and the like what the lexicon
    finds in the text.
    """
    own = words(statement.text)
    found = lexicon.match([word.form for word in own])
    around = {"q:": words(statement.question or ""), "x:": words(carrier(statement))}
    for feature in _word_ngrams(own):
        yield feature
        yield feature._replace(name="u:" + feature.name)
    for prefix, beside in around.items():
        for feature in _word_ngrams(beside):
            yield Feature(prefix + feature.name, -1, -1)
            yield Feature("u:" + feature.name, -1, -1)
    at_issue = False
    for prefix, beside in around.items():
        matches = lexicon.match([word.form for word in beside])
        concepts = {match.concept for match in matches}
        at_issue |= _speaks_to_issue(concepts)
        yield from (Feature(f"{prefix}concept:{concept}", -1, -1) for concept in concepts)
        yield Feature(f"{prefix}issue:{_speaks_to_issue(concepts)}", -1, -1)
    yield from _concept_features(own, found, at_issue)


def _speaks_to_issue(concepts: Set[str]) -> bool:
    """Tell whether concepts name somebody's troops together with whose they are or their going."""
    return ("troops" in concepts and bool(concepts & {"north_korea", "deploy"})) or (
        {"deploy", "north_korea"} <= concepts
    )


def _concept_features(
    own: Sequence[Word], found: Sequence[Match], at_issue: bool
) -> Iterator[Feature]:
    """Yield single concepts, pairs of them, runs of two and three, and what is under a scope."""
    names = {match.concept for match in found}
    issue = f"{_speaks_to_issue(names)}/{at_issue}"
    yield Feature(f"issue:{issue}", -1, -1)
    first_of: dict[str, Match] = {}
    for match in found:
        first_of.setdefault(match.concept, match)
        yield _at(own, match, f"concept:{match.concept}")
        yield _at(own, match, f"issue:{issue}:{match.concept}")
    for left, right in itertools.combinations(sorted(first_of), 2):
        for name in (left, right):
            yield _at(own, first_of[name], f"pair:{left}&{right}")
    for size in (2, 3):
        for start in range(len(found) - size + 1):
            run = found[start : start + size]
            name = "run:" + ">".join(match.concept for match in run)
            yield from (_at(own, match, name) for match in run)
    for opener, reach in _SCOPES.items():
        ends = [match.end for match in found if match.concept == opener]
        for match in found:
            if match.concept != opener and any(0 <= match.first - end < reach for end in ends):
                yield _at(own, match, f"{opener}:{match.concept}")


def _at(own: Sequence[Word], match: Match, name: str) -> Feature:
    return Feature(name, own[match.first].start, own[match.end - 1].end)


def carrier(statement: Statement) -> str:
    """Return the context without the statement itself: who says it, to what, and how."""
    return (statement.context or "").replace(statement.text, " ")


def known_share(statement: Statement, vocabulary: dict[str, int]) -> float:
    """Return the share of the text's words that are in the vocabulary; 0 where it has none."""
    own = words(statement.text)
    return sum(f"w:{word.form}" in vocabulary for word in own) / len(own) if own else 0.0


def _normal(word: str) -> str:
    if word[0].isdigit():
        return "0"
    return word.lower().replace("’", "'").replace("‘", "'").replace("‑", "-")[:_LONGEST_WORD]


def _word_ngrams(own: Sequence[Word]) -> Iterator[Feature]:
    for word in own:
        yield Feature(f"w:{word.form}", word.start, word.end)
    for left, right in itertools.pairwise(own):
        yield Feature(f"w:{left.form} {right.form}", left.start, right.end)


class FeatureVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Sets of feature names to TF-IDF rows of unit length, shape `(n_statements, n_features)`.

    A feature counts once a statement, however often it occurs. Features of fewer than `min_df`
    statements are left out.
    """

    def __init__(self, *, min_df: int = 2) -> None:
        self.min_df = min_df

    def fit(self, X: Sequence[Set[str]], y: Any = None) -> Self:
        """Learn the vocabulary and its inverse document frequencies."""
        counts = Counter(name for names in X for name in names)
        kept = sorted(name for name, count in counts.items() if count >= self.min_df)
        self.vocabulary_ = {name: column for column, name in enumerate(kept)}
        frequencies = np.array([counts[name] for name in kept], dtype=float)
        self.idf_ = np.log((1 + len(X)) / (1 + frequencies)) + 1
        return self

    def transform(self, X: Iterable[Set[str]]) -> csr_matrix:
        """Return the rows of the sets; one of unknown features only is all zero."""
        columns: list[int] = []
        starts = [0]
        for names in X:
            # Sorted, for the sum of a row must not hang on the order of a set.
            columns += sorted(self.vocabulary_[name] for name in names & self.vocabulary_.keys())
            starts.append(len(columns))
        indices = np.array(columns, dtype=np.int32)
        shape = (len(starts) - 1, len(self.vocabulary_))
        rows = csr_matrix((self.idf_[indices], indices, np.array(starts)), shape=shape)
        norms = np.sqrt(rows.multiply(rows).sum(axis=1)).A1
        norms[norms == 0] = 1
        rows.data /= np.repeat(norms, np.diff(rows.indptr))
        return rows


def feature_names(statement: Statement, lexicon: ConceptLexicon) -> frozenset[str]:
    """Return the names of all features of a statement."""
    return frozenset(feature.name for feature in features_of(statement, lexicon))
