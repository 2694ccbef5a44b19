"""Concepts in a text: words and phrases that an analyst has grouped by what they mean."""

import functools
from collections.abc import Mapping, Sequence

from stance.records import StanceError
from stance.text import word_list

Pattern = tuple[str, ...]
# A concept by its number, behind the words of the text that name it: `words[first:end]`.
Match = tuple[int, int, int]
# How many words each state remembers its successor of: the first, and each other.
_REMEMBERED = 100_000
_REMEMBERED_WITHIN = 1_000
_LONGEST = 64  # characters of a word that count; a hostile text's longer ones are not remembered


class LexiconError(StanceError):
    """A list of concepts that cannot be read."""


class ConceptLexicon:
    """Concepts, each with its patterns of words; `names[number]` is a concept's name.

    A pattern's word that ends in `*` stands for all that begin so, `*` alone for any word; every
    word stands for its possessive too.
    """

    def __init__(self, patterns: Mapping[str, Sequence[Pattern]]) -> None:
        self.patterns = {name: tuple(patterns[name]) for name in sorted(patterns)}
        self.names = tuple(self.patterns)
        every = [(p, number) for number, own in enumerate(self.patterns.values()) for p in own]
        self._start = _State(every, remembered=_REMEMBERED)

    def __reduce__(self) -> tuple[type["ConceptLexicon"], tuple[dict[str, tuple[Pattern, ...]]]]:
        """Pickle the patterns; the rest is made from them."""
        return ConceptLexicon, (self.patterns,)

    def match(self, words: Sequence[str]) -> list[Match]:
        """Return the concepts in a text's words, in order; different concepts may overlap.

        Of a concept's phrases that begin at a word the longest counts, and none that begins
        within an earlier one.
        """
        matches: list[Match] = []
        covered: dict[int, int] = {}
        start = self._start.step
        for first, word in enumerate(words):
            state = start(word[:_LONGEST])
            if state is None:
                continue
            found = dict.fromkeys(state.named, first + 1)
            following = first + 1
            while state and state.goes_on and following < len(words):
                state = state.step(words[following][:_LONGEST])
                following += 1
                if state:
                    found |= dict.fromkeys(state.named, following)
            for concept, end in found.items():
                if covered.get(concept, 0) <= first:
                    covered[concept] = end
                    matches.append((first, end, concept))
        return matches


class _State:
    """What has been read of a phrase: the concepts it names, and what may follow it.

    States make a deterministic finite automaton over words, built as texts call for it.
    """

    def __init__(
        self, left: Sequence[tuple[Pattern, int]], remembered: int = _REMEMBERED_WITHIN
    ) -> None:
        """Take what is left of each pattern, and its concept."""
        self.named = tuple(sorted({concept for rest, concept in left if not rest}))
        self._exact: dict[str, list[tuple[Pattern, int]]] = {}
        self._stems: dict[str, list[tuple[Pattern, int]]] = {}
        for (part, *rest), concept in (item for item in left if item[0]):
            table, key = (self._stems, part[:-1]) if part[-1] == "*" else (self._exact, part)
            table.setdefault(key, []).append((tuple(rest), concept))
        self.goes_on = bool(self._exact or self._stems)
        self._reach = max(map(len, self._stems), default=-1)
        # The state behind another word, None where no pattern has it there.
        self.step = functools.lru_cache(remembered)(self._find_step)

    def _find_step(self, word: str) -> "_State | None":
        agree: list[tuple[Pattern, int]] = []
        for form in {word, word.removesuffix("'s")}:
            agree += self._exact.get(form, ())
        for length in range(min(self._reach, len(word)) + 1):
            agree += self._stems.get(word[:length], ())
        return _State(agree) if agree else None


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
