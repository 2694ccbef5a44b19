"""What the stance classifier sees of a statement: text, question and context; never the source.

A feature is a whole number, its key: what kind it is of, and the words or concepts it is made of.
All statements of a batch are observed at once, in arrays, for speed.
"""

import copy
import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize

from stance.concepts import ConceptLexicon, Match, shipped_lexicon
from stance.records import Statement

Ints = NDArray[np.int64]
Weighed = tuple[Ints, Ints, NDArray[np.float64]]  # rows, columns, weights
_Part = tuple[Ints, Ints, Ints, Ints]  # of observations: rows, keys, firsts, ends
_Fields = tuple[list[str], list[str], list[str]]  # words of text, question and carrier

# A run of letters with inner apostrophes or hyphens, or a number; marks carry no weight alone.
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|[0-9][0-9.,]*")
_DIGITS = re.compile(r"[0-9][0-9.,]*")
_NUMBER = "0"
# How many words behind a word of the concept are under its sway.
_SCOPES = {"negation": 5, "supposition": 8}
# `w:` n-grams of the text, `q:` of the question, `x:` of what stands around the statement in its
# context, `u:` of all three alike; the rest is made of the lexicon's concepts.
_FIELDS = ("w", "q", "x")
_CONCEPTS = ("concept", "q:concept", "x:concept")
_ISSUES = ("issue", "q:issue", "x:issue")
_KINDS = (*_FIELDS, "u", *_CONCEPTS, *_ISSUES, "concept at issue", "pair", "run", *_SCOPES)
_KIND = {name: number for number, name in enumerate(_KINDS)}
_PART_BITS = 19  # three parts and the kind fit into 63 bits
_KEY = {name: number << 3 * _PART_BITS for name, number in _KIND.items()}
_PLACE_BITS = 31
_MOST_WORDS = 2**_PART_BITS - 1


@dataclass(frozen=True, slots=True)
class Observations:
    """Features of a batch of statements: feature `keys[i]` of statement `rows[i]`.

    It rests on the words `firsts[i]` to `ends[i]` of the statement's own text; both are 0 where
    it rests on question or context, or on the whole. A feature that occurs twice is there twice.
    `lengths` are the numbers of own words, `known` how many of them were learned.
    """

    rows: Ints
    keys: Ints
    firsts: Ints
    ends: Ints
    lengths: Ints
    known: Ints


def normal(text: str) -> str:
    """Return a text of the same length in lower case, with one kind of apostrophe and hyphen."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.replace("’", "'").replace("‘", "'").replace("‑", "-")


def words(text: str) -> list[str]:
    """Return the words of a text in order, in lower case; a number is `0`."""
    return _WORD.findall(_DIGITS.sub(_NUMBER, normal(text)))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text begins and ends."""
    return [match.span() for match in _WORD.finditer(normal(text))]


def carrier(statement: Statement, own: Sequence[str]) -> list[str]:
    """Return the words of the context without the statement: who says it, to what, and how.

    Where the text does not stand in the context to the letter (its cue interrupts it, or it has
    other marks), the context's word pairs that the text has too are taken for the statement.
    """
    context = statement.context
    if not context:
        return []
    around = context.replace(statement.text, " ")
    found = words(around)
    if around != context or not found:
        return found
    pairs = set(itertools.pairwise(own))
    said = [pair in pairs for pair in itertools.pairwise(found)]
    return [
        form
        for form, before, after in zip(found, [False, *said], [*said, False], strict=True)
        if not (before or after)
    ]


class FeatureExtractor(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Statements to TF-IDF rows of unit length, shape `(n_statements, n_features)`.

    A feature counts once a statement, however often it occurs. Features of fewer than `min_df`
    statements are left out.

    Attributes
    ----------
    lexicon_: the concepts as they were at the fit; a later change of the list changes no model.
    numbers_: the number of each learned word, from 1.
    keys_: keys of the features, ascending; a feature's place in it is its column.
    idf_: inverse document frequency of each column.
    """

    def __init__(self, *, min_df: int = 2) -> None:
        self.min_df = min_df

    def fit(self, X: Sequence[Statement], y: Any = None) -> Self:
        """Learn the words, the features and their inverse document frequencies."""
        self._learn(X)
        return self

    def fit_transform(self, X: Sequence[Statement], y: Any = None) -> csr_matrix:
        """Fit, and return the rows of the statements, which are read only once for both."""
        return self._rows(self._learn(X), len(X))

    def transform(self, X: Sequence[Statement]) -> csr_matrix:
        """Return the rows of the statements; one of unknown features only is all zero."""
        return self._rows(self.observe(X), len(X))

    def _learn(self, X: Sequence[Statement]) -> Observations:
        self.lexicon_ = shipped_lexicon()
        read = [_read(statement) for statement in X]
        counts = Counter(form for fields in read for forms in fields for form in forms)
        kept = sorted(form for form, count in counts.items() if count >= self.min_df)
        self.numbers_ = {form: number for number, form in enumerate(kept[:_MOST_WORDS], start=1)}
        seen = _Batch(self.lexicon_, self.numbers_, read).observations()
        keys, columns = np.unique(seen.keys, return_inverse=True)
        each = _distinct(seen.rows * len(keys) + columns)
        frequencies = np.bincount(each % max(1, len(keys)), minlength=len(keys))
        common = frequencies >= self.min_df
        self.keys_: Ints = keys[common]
        self.idf_ = _idf(len(X), frequencies[common])
        return seen

    def refit(self, rows: csr_matrix, some: NDArray[np.intp]) -> tuple[Self, csr_matrix]:
        """Return the extractor that a fit to some of the statements gives, and all rows by it.

        `rows` are those that `fit_transform` gave of all; nothing is read again.
        """
        there = rows.sign()
        frequencies = there[some].getnnz(axis=0)
        common = frequencies >= self.min_df
        other = copy.copy(self)
        other.keys_ = self.keys_[common]
        other.idf_ = _idf(len(some), frequencies[common])
        singles = other.keys_[other.keys_ >> 3 * _PART_BITS == _KIND["u"]] >> 2 * _PART_BITS
        learned = set((singles & _MOST_WORDS).tolist())
        other.numbers_ = {form: n for form, n in self.numbers_.items() if n in learned}
        return other, normalize(there[:, common].multiply(other.idf_)).tocsr()

    def _rows(self, seen: Observations, n: int) -> csr_matrix:
        rows, columns, values = self.weigh(seen, self.columns(seen))
        return csr_matrix((values, (rows, columns)), shape=(n, len(self.keys_)))

    def observe(self, X: Sequence[Statement]) -> Observations:
        """Return every feature of a batch of statements, learned or not."""
        return _Batch(self.lexicon_, self.numbers_, list(map(_read, X))).observations()

    def columns(self, seen: Observations) -> Ints:
        """Return the column of each observation, -1 where its feature was not learned."""
        if not len(self.keys_):
            return np.full(len(seen.keys), -1)
        places = np.minimum(np.searchsorted(self.keys_, seen.keys), len(self.keys_) - 1)
        return np.where(self.keys_[places] == seen.keys, places, -1)

    def weigh(self, seen: Observations, columns: Ints) -> Weighed:
        """Return row, column and TF-IDF weight of each learned feature, sorted, each once."""
        width = max(1, len(self.keys_))
        learned = columns >= 0
        each = _distinct(seen.rows[learned] * width + columns[learned])
        rows, columns = np.divmod(each, width)
        values = self.idf_[columns]
        norms = np.sqrt(np.bincount(rows, values * values))
        return rows, columns, values / norms[rows]

    def feature_names(self, keys: Iterable[int]) -> list[str]:
        """Return what features are called: their kind, and the words or concepts of them."""
        forms = {number: form for form, number in self.numbers_.items()}
        return [_name(int(key), forms, self.lexicon_.names) for key in keys]


def _read(statement: Statement) -> _Fields:
    """Return the words of the text, of the question, and of what stands around in the context."""
    own = words(statement.text)
    question = words(statement.question) if statement.question else []
    return own, question, carrier(statement, own)


class _Batch:
    """The features of one batch of statements.

    Its three fields lie one behind the other: field `f` of statement `i` is text `f * n + i`.
    """

    def __init__(
        self, lexicon: ConceptLexicon, numbers: dict[str, int], read: Sequence[_Fields]
    ) -> None:
        self._concepts = _concepts_of(lexicon)
        self._read = read
        self._n = len(read)
        texts = [forms for field in zip(*read, strict=True) for forms in field]
        self._lengths = _counts(texts)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._texts = np.repeat(np.arange(len(texts)), self._lengths)
        flat = map(numbers.get, itertools.chain.from_iterable(texts), itertools.repeat(0))
        self._numbers = np.fromiter(flat, dtype=np.int64, count=self._lengths.sum())

    def observations(self) -> Observations:
        """Return the features, and how many words of each statement were learned."""
        parts = [*self._ngrams(), self._of_concepts()]
        rows, keys, firsts, ends = (np.concatenate(part) for part in zip(*parts, strict=True))
        lengths = self._lengths[: self._n]
        read = self._texts[: lengths.sum()]
        known = np.bincount(read[self._numbers[: len(read)] > 0], minlength=self._n)
        return Observations(rows, keys, firsts, ends, lengths, known)

    def _ngrams(self) -> Iterator[_Part]:
        """Yield the learned words, and the pairs of them that stand side by side in a field."""
        known = self._numbers > 0
        paired = known[:-1] & known[1:] & (self._texts[:-1] == self._texts[1:])
        for size, where in ((1, known), (2, paired)):
            at = np.flatnonzero(where)
            text = self._texts[at]
            field, rows = np.divmod(text, max(1, self._n))
            first = np.where(field, 0, at - self._starts[text])
            end = np.where(field, 0, first + size)
            forms = self._numbers[at] << 2 * _PART_BITS
            if size == 2:
                forms |= self._numbers[at + 1] << _PART_BITS
            yield rows, forms | field << 3 * _PART_BITS, first, end
            yield rows, forms | _KEY["u"], first, end

    def _of_concepts(self) -> _Part:
        """Return what the lexicon's concepts make of each statement."""
        keys: list[int] = []
        places: list[int] = []
        stops = np.zeros(self._n + 1, dtype=np.int64)
        for row, fields in enumerate(self._read, start=1):
            self._concepts.observe(fields, keys, places)
            stops[row] = len(keys)
        rows = np.repeat(np.arange(self._n), np.diff(stops))
        at = np.fromiter(places, np.int64, len(places))
        numbers = np.fromiter(keys, np.int64, len(keys))
        return rows, numbers, at >> _PLACE_BITS, at & (1 << _PLACE_BITS) - 1


class _Concepts:
    """What a lexicon's concepts make of a statement, one at a time.

    Plain loops: a statement has a dozen concepts, and is often labelled alone. A feature's place is
    `first << _PLACE_BITS | end`, 0 where it rests on no words of the text.
    """

    def __init__(self, lexicon: ConceptLexicon) -> None:
        self._match = lexicon.match
        numbers = {name: number for number, name in enumerate(lexicon.names)}
        self._issue = [numbers.get(name, -1) for name in ("troops", "deploy", "north_korea")]
        self._scopes = [
            (_KEY[name], numbers[name], reach) for name, reach in _SCOPES.items() if name in numbers
        ]

    def observe(self, fields: _Fields, keys: list[int], places: list[int]) -> None:
        """Append the features of a statement, and the place of each."""
        own, asked, around = map(self._match, fields)
        near = [self._nearness(found) for found in (own, asked, around)]
        at_issue = 3 * near[0] + max(near[1:])
        states = zip(_ISSUES, (at_issue, *near[1:]), strict=True)
        keys += [_KEY[kind] | state << 2 * _PART_BITS for kind, state in states]
        keys += [_KEY["q:concept"] | concept << 2 * _PART_BITS for *_, concept in asked]
        keys += [_KEY["x:concept"] | concept << 2 * _PART_BITS for *_, concept in around]
        places += [0] * (len(_ISSUES) + len(asked) + len(around))
        at = [first << _PLACE_BITS | end for first, end, _ in own]
        state = _KEY["concept at issue"] | at_issue << 2 * _PART_BITS
        keys += [_KEY["concept"] | concept << 2 * _PART_BITS for *_, concept in own]
        keys += [state | concept << _PART_BITS for *_, concept in own]
        places += [*at, *at]
        self._pairs(own, at, keys, places)
        self._runs(own, at, keys, places)
        self._under(own, at, keys, places)

    def _nearness(self, found: Sequence[Match]) -> int:
        """Return 2 for what names troops with whose they are or their going; 1 for a part."""
        there = {concept for *_, concept in found}
        return min(2, sum(number in there for number in self._issue))

    @staticmethod
    def _pairs(own: Sequence[Match], at: list[int], keys: list[int], places: list[int]) -> None:
        """Append each two different concepts, placed where each first occurs."""
        first = {concept: place for (*_, concept), place in zip(own[::-1], at[::-1], strict=True)}
        concepts = sorted(first)
        here = [first[concept] for concept in concepts]
        pair = _KEY["pair"]
        pairs = [
            pair | one << 2 * _PART_BITS | other << _PART_BITS
            for one, other in itertools.combinations(concepts, 2)
        ]
        # A generator's tuples are used again, a list's are not: the collector would count them.
        keys += pairs
        places += [place for place, _ in itertools.combinations(here, 2)]
        keys += pairs
        places += [place for _, place in itertools.combinations(here, 2)]

    @staticmethod
    def _runs(own: Sequence[Match], at: list[int], keys: list[int], places: list[int]) -> None:
        """Append each two and three concepts that follow one another."""
        run, parts = _KEY["run"], [concept + 1 for *_, concept in own]
        twos = [
            run | one << 2 * _PART_BITS | other << _PART_BITS
            for one, other in itertools.pairwise(parts)
        ]
        threes = [two | third for two, third in zip(twos, parts[2:], strict=False)]
        for size, runs in ((2, twos), (3, threes)):
            for shift in range(size):
                keys += runs
                places += at[shift : shift + len(runs)]

    def _under(
        self, own: Sequence[Match], at: list[int], keys: list[int], places: list[int]
    ) -> None:
        """Append the concepts that stand close enough behind one that has them under its sway."""
        for key, opener, reach in self._scopes:
            ends = [end for _, end, concept in own if concept == opener]
            opened, passed = -reach, 0
            for (first, _, concept), place in zip(own, at, strict=True):
                while passed < len(ends) and ends[passed] <= first:
                    opened = ends[passed]
                    passed += 1
                if concept != opener and first - opened < reach:
                    keys.append(key | concept << 2 * _PART_BITS)
                    places.append(place)


_concepts_of = functools.lru_cache(maxsize=8)(_Concepts)


def _idf(n: int, frequencies: Ints) -> NDArray[np.float64]:
    return np.asarray(np.log((1 + n) / (1 + frequencies)) + 1)


def _counts(lists: Sequence[Sequence[Any]]) -> Ints:
    return np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))


def count_up(lengths: Ints) -> Ints:
    """Return 0, 1, 2 ... for each length, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)


def _distinct(values: Ints) -> Ints:
    """Return the values sorted, each once; numpy's own is slower on many small numbers."""
    ordered: Ints = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[first])


def _name(key: int, forms: Mapping[int, str], concepts: Sequence[str]) -> str:
    """Return the name of a key, such as `w:no troops` or `pair:deploy&troops`."""
    mask = 2**_PART_BITS - 1
    kind = _KINDS[key >> 3 * _PART_BITS]
    parts = [key >> shift * _PART_BITS & mask for shift in (2, 1, 0)]
    return f"{kind}:{'&'.join(_part_names(kind, parts, forms, concepts))}"


def _part_names(
    kind: str, parts: list[int], forms: Mapping[int, str], concepts: Sequence[str]
) -> Iterator[str]:
    if kind in {*_FIELDS, "u"}:
        yield " ".join(forms[part] for part in parts if part)
    elif kind in _ISSUES:
        yield str(parts[0])
    elif kind == "concept at issue":
        yield from (str(parts[0]), concepts[parts[1]])
    elif kind == "run":
        yield ">".join(concepts[part - 1] for part in parts if part)
    else:
        yield from (concepts[part] for part in parts[: 2 if kind == "pair" else 1])
