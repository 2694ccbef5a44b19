"""Concepts in a text: words and phrases that an analyst has grouped by what they mean."""

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stance.records import StanceError
from stance.text import word_list

Pattern = tuple[str, ...]
_REMEMBERED = 50_000  # words whose patterns are kept at hand


class LexiconError(StanceError):
    """A list of concepts that cannot be read."""


class Match(NamedTuple):
    """A concept by its number, and the words of the text that name it: `words[first:end]`."""

    first: int
    end: int
    concept: int


class ConceptLexicon:
    """Concepts, each with its patterns of words; `names[number]` is a concept's name.

    A pattern's word that ends in `*` stands for all that begin so, `*` alone for any word.
    """

    def __init__(self, patterns: Mapping[str, Sequence[Pattern]]) -> None:
        self.patterns = {name: tuple(patterns[name]) for name in sorted(patterns)}
        self.names = tuple(self.patterns)
        self._exact: dict[str, list[tuple[Pattern, int]]] = {}
        self._stems: list[tuple[Pattern, int]] = []
        for number, own in enumerate(self.patterns.values()):
            for pattern in own:
                if pattern[0].endswith("*"):
                    self._stems.append((pattern, number))
                else:
                    self._exact.setdefault(pattern[0], []).append((pattern, number))
        self._starting = functools.lru_cache(_REMEMBERED)(self._find_starting)

    def __reduce__(self) -> tuple[type["ConceptLexicon"], tuple[dict[str, tuple[Pattern, ...]]]]:
        """Pickle the patterns; the rest is made from them."""
        return ConceptLexicon, (self.patterns,)

    def match(self, words: Sequence[str]) -> list[Match]:
        """Return the concepts in a text's words, in order; different concepts may overlap."""
        matches: list[Match] = []
        covered: dict[int, int] = {}
        following = [*words[1:], ""]
        for first, found in enumerate(map(self._starting, words)):
            for second, rest, concept in found:
                # Most patterns of several words fail at the second.
                if second and second != following[first]:
                    continue
                end = first + 1 + len(rest)
                if covered.get(concept, 0) <= first and _fits(rest, words[first + 1 : end]):
                    covered[concept] = end
                    matches.append(Match(first, end, concept))
        return matches

    def _find_starting(self, word: str) -> tuple[tuple[str, Pattern, int], ...]:
        """Return the patterns that may begin with a word, the longest first.

        Each is its second word where that must stand to the letter, all behind the first, and the
        concept.
        """
        found: dict[tuple[Pattern, int], None] = {}
        for form in (word, word.removesuffix("'s")):
            found |= dict.fromkeys(self._exact.get(form, ()))
            found |= {item: None for item in self._stems if form.startswith(item[0][0][:-1])}
        ordered = sorted(found, key=lambda item: -len(item[0]))
        return tuple((_second(pattern), pattern[1:], concept) for pattern, concept in ordered)


def _second(pattern: Pattern) -> str:
    return pattern[1] if len(pattern) > 1 and not pattern[1].endswith("*") else ""


@functools.cache
def shipped_lexicon() -> ConceptLexicon:
    """Return the lexicon of `stance/lexicon/concepts.txt`."""
    return parse_lexicon(word_list("concepts"))


def parse_lexicon(lines: Sequence[str]) -> ConceptLexicon:
    """Make a lexicon of lines: `[concept]`, then a pattern a line; raise LexiconError."""
    patterns: dict[str, list[Pattern]] = {}
    concept = None
    for line in lines:
        if line.startswith("["):
            concept = line.strip("[]")
            continue
        if concept is None:
            raise LexiconError(f"{line!r} stands before the first [concept]")
        patterns.setdefault(concept, []).append(tuple(line.replace("’", "'").split()))
    return ConceptLexicon(patterns)


def _fits(rest: Pattern, words: Sequence[str]) -> bool:
    """Tell whether words are those of the rest of a pattern."""
    if len(words) < len(rest):
        return False
    for part, word in zip(rest, words, strict=True):
        if part != word and not (part[-1] == "*" and word.startswith(part[:-1])):
            return False
    return True
