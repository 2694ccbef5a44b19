"""Concepts in a text: words and phrases that an analyst has grouped by what they mean."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stance.records import StanceError
from stance.text import word_list

Pattern = tuple[str, ...]


class LexiconError(StanceError):
    """A list of concepts that cannot be read."""


class Match(NamedTuple):
    """A concept, and the words of the text that name it: `words[first:end]`."""

    first: int
    end: int
    concept: str


@dataclass(frozen=True, slots=True)
class ConceptLexicon:
    """Concepts by the first word of their patterns; `stems` are first words that end in `*`."""

    exact: Mapping[str, tuple[tuple[Pattern, str], ...]]
    stems: tuple[tuple[Pattern, str], ...]

    def match(self, words: Sequence[str]) -> list[Match]:
        """Return the concepts in a text's words, in order; different concepts may overlap."""
        matches: list[Match] = []
        covered: dict[str, int] = {}
        for first, word in enumerate(words):
            for pattern, concept in _starting(self, word):
                if covered.get(concept, 0) <= first and _fits(pattern, words, first):
                    covered[concept] = first + len(pattern)
                    matches.append(Match(first, first + len(pattern), concept))
        return matches

    def __hash__(self) -> int:
        """Tell lexicons apart by identity, for what is remembered of their words."""
        return id(self)


@functools.cache
def shipped_lexicon() -> ConceptLexicon:
    """Return the lexicon of `stance/lexicon/concepts.txt`."""
    return parse_lexicon(word_list("concepts"))


def parse_lexicon(lines: Sequence[str]) -> ConceptLexicon:
    """Make a lexicon of lines: `[concept]`, then a pattern a line; raise LexiconError."""
    exact: dict[str, list[tuple[Pattern, str]]] = {}
    stems: list[tuple[Pattern, str]] = []
    concept = None
    for line in lines:
        if line.startswith("["):
            concept = line.strip("[]")
            continue
        if concept is None:
            raise LexiconError(f"{line!r} stands before the first [concept]")
        pattern = tuple(line.replace("’", "'").split())
        if pattern[0].endswith("*"):
            stems.append((pattern, concept))
        else:
            exact.setdefault(pattern[0], []).append((pattern, concept))
    return ConceptLexicon({word: tuple(own) for word, own in exact.items()}, tuple(stems))


@functools.lru_cache(maxsize=50_000)
def _starting(lexicon: ConceptLexicon, word: str) -> tuple[tuple[Pattern, str], ...]:
    """Return the patterns that may begin with a word, the longest first."""
    found = list(lexicon.exact.get(word, ()))
    found += [item for item in lexicon.stems if word.startswith(item[0][0][:-1])]
    if word.endswith("'s"):
        found += [item for item in _starting(lexicon, word[:-2]) if item not in found]
    return tuple(sorted(found, key=lambda item: -len(item[0])))


def _fits(pattern: Pattern, words: Sequence[str], first: int) -> bool:
    if first + len(pattern) > len(words):
        return False
    return all(
        words[first + k].startswith(part[:-1]) if part.endswith("*") else words[first + k] == part
        for k, part in enumerate(pattern)
        if k
    )
