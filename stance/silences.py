"""Acts of saying nothing that are no single verb: `made no comment on ...`, `hung up`."""

import functools
from collections.abc import Iterator

from stance.clauses import clause_end
from stance.grammar import Sentence
from stance.nouns import NounReport
from stance.phrases import Tokens, phrase_before
from stance.text import word_list

_GIVING = frozenset("had has have gave give gives given made make makes offered provided".split())
_ANSWERS = frozenset(
    "comment comments answer answers reply response reaction details statement mention reference "
    "figure figures timetable explanation information reason reasons".split()
)


@functools.cache
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    """Return the phrases of `lexicon/silences.txt` by their first word."""
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for line in word_list("silences"):
        first, *rest = line.split()
        phrases.setdefault(first, []).append((first, *rest))
    return phrases


def find_silences(sentence: Sentence) -> list[NounReport]:
    """Return the acts of saying nothing, with the verb phrase as content and cue."""
    found = []
    for cue in _cues(sentence):
        start = cue.first
        while start and sentence.tags[start - 1] in "XA":
            start -= 1
        content = Tokens(cue.first, max(cue.end, clause_end(sentence, cue.end - 1)))
        found.append(NounReport(content, cue, phrase_before(sentence, start)))
    return found


def _cues(sentence: Sentence) -> Iterator[Tokens]:
    words, phrases = sentence.words, _phrases()
    for k in range(1, len(words)):
        if words[k] in _GIVING and words[k + 1 : k + 2] == ("no",):
            if _ANSWERS & set(words[k + 2 : k + 4]):
                yield Tokens(k, min(k + 3, len(words)))
            continue
        for phrase in phrases.get(words[k], ()):
            end = _match(sentence, k, phrase)
            if end is not None:
                yield Tokens(k, end)
                break


def _match(sentence: Sentence, start: int, phrase: tuple[str, ...]) -> int | None:
    """Return where a phrase that begins at token `start` ends; adverbs may stand inside."""
    k = start
    for word in phrase:
        while k < len(sentence.words) and sentence.words[k] != word and sentence.tags[k] == "A":
            k += 1
        if sentence.words[k : k + 1] != (word,):
            return None
        k += 1
    return k
