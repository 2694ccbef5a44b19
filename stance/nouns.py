"""Reporting nouns: `Kim's claim that ...`, `opposition to ...`, and whose they are."""

import functools
from typing import NamedTuple

from stance.clauses import clause_end, object_end
from stance.grammar import Sentence, word_classes
from stance.phrases import Tokens, phrase_before
from stance.text import word_list

_ASIDE = 9  # tokens between a noun and its `that`
_CLAUSAL = frozenset(["that", "to", "whether"])


class NounReport(NamedTuple):
    """What a noun reports, the noun's tokens, and whose it is where the phrase says."""

    content: Tokens
    cue: Tokens
    mention: Tokens | None


@functools.cache
def _nouns() -> dict[str, frozenset[str]]:
    nouns = {}
    for line in word_list("cue_nouns"):
        forms, _, introducers = line.partition("|")
        for form in forms.split():
            nouns[form] = frozenset(introducers.split())
    return nouns


def find_noun_reports(sentence: Sentence) -> list[NounReport]:
    """Return the reporting nouns of a sentence with their content, in order."""
    words, tags = sentence.words, sentence.tags
    found = []
    for k in range(len(words) - 2):
        if tags[k] == "V" or words[k] not in _nouns():
            continue
        at = _introducer(sentence, k)
        if at is None:
            continue
        introducer = words[at]
        start = at + (introducer != "to" or words[k] == "opposition")
        if introducer in _CLAUSAL and words[k] != "opposition":
            end = clause_end(sentence, start)
        else:
            end = object_end(sentence, start)
        if end <= start or (introducer == "that" and tags[start] in "XV"):
            continue
        owner = _owner(sentence, k)
        cue_end = k + 1 + (introducer not in _CLAUSAL)
        found.append(NounReport(Tokens(start, end), Tokens(k, cue_end), owner))
    return found


def _introducer(sentence: Sentence, noun: int) -> int | None:
    """Return the token behind a noun that introduces its content: `claim that`, `calls for`.

    An aside may stand before `that`: `his claim in May that ...`.
    """
    words, introducers = sentence.words, _nouns()[sentence.words[noun]]
    if words[noun + 1] in introducers:
        return noun + 1
    if "that" in introducers and sentence.tags[noun + 1] in "IT":
        for k in range(noun + 2, min(noun + _ASIDE, len(words) - 2)):
            if words[k] == "that":
                return k if sentence.tags[k + 1] in "DMRN" else None
            if sentence.tags[k] not in "IDLMNAT":
                return None
    return None


def _owner(sentence: Sentence, noun: int) -> Tokens | None:
    """Return the possessive in front of a noun, at most two words away."""
    words = sentence.words
    for k in range(noun - 1, max(-1, noun - 4), -1):
        if words[k].endswith(("'s", "s'")):
            return phrase_before(sentence, k + 1)
        if words[k] in word_classes()["possessive"]:
            return Tokens(k, k + 1)
        if sentence.tags[k] not in "LMAD":
            return _giver(sentence, k)
    return None


def _giver(sentence: Sentence, verb: int) -> Tokens | None:
    """Return the subject of the verb whose object a noun is: `Kim repeated the claim that`."""
    word = sentence.words[verb]
    if word in _SUFFERED or not (sentence.tags[verb] == "V" or word.endswith("ed")):
        return None
    start = verb
    while start and sentence.tags[start - 1] in "XA":
        start -= 1
    return phrase_before(sentence, start)


# With these the subject is whom the report is about: `Kim faced accusations of ...`.
_SUFFERED = frozenset(
    "faced faces face facing drew draws drawing received receives receiving sparked sparks won "
    "earned got gets rejected denied dismissed questioned suffered attracted met".split()
)
