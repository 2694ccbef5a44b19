"""What the stance classifier sees of a statement: text, question and context; never the source."""

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin

from stance.records import Statement

# A run of letters with inner apostrophes or hyphens, or a number; marks carry no weight alone.
_WORD = re.compile(r"[^\W\d_]+(?:['’‘\-‑][^\W\d_]+)*|\d[\d.,]*")
_LONGEST_WORD = 40  # a longer run of letters is no word, and its n-grams would cost a second


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


def features_of(statement: Statement) -> Iterator[Feature]:
    """Yield every feature of a statement; one that occurs twice comes twice."""
    own = words(statement.text)
    yield from _word_ngrams(own)
    for word in own:
        for ngram in _character_ngrams(word.form):
            yield Feature(ngram, word.start, word.end)
    for prefix, text in (("q:", statement.question), ("x:", carrier(statement))):
        for feature in _word_ngrams(words(text or "")):
            yield Feature(prefix + feature.name, -1, -1)


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


@functools.lru_cache(maxsize=50_000)
def _character_ngrams(form: str) -> tuple[str, ...]:
    padded = f" {form} "
    return tuple(
        "c:" + padded[start : start + size]
        for size in range(3, 6)
        for start in range(len(padded) - size + 1)
    )


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


def feature_names(statement: Statement) -> frozenset[str]:
    """Return the names of all features of a statement."""
    return frozenset(feature.name for feature in features_of(statement))
