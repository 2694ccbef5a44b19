"""What a short form of an institution stands for: `the agency`, `the NIS`, `the ministry`."""

import re

from stance.cast import Cast
from stance.grammar import Sentence

_WINDOW = 10_000  # characters on both sides of an acronym that are looked at for its name
_BACK = 12  # sentences that are looked at before a short form
_KINDS = (
    frozenset("agency service directorate bureau intelligence".split()),
    frozenset("newspaper daily tabloid outlet channel broadcaster network paper".split()),
    frozenset("party movement".split()),
    frozenset("company firm corporation".split()),
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z]{1,4}")


def kinds_of(head: str) -> frozenset[str]:
    """Return the head words that may stand for each other, the given one among them."""
    return next((kind for kind in _KINDS if head in kind), frozenset([head]))


def expanded(cast: Cast, number: int, word: str) -> str | None:
    """Return the name that an article gives in front of `(WORD)`; None where it gives none."""
    if not _ACRONYM.fullmatch(word):
        return None
    here = cast.sentences[number].start
    position = cast.text.find(f"({word})", max(0, here - _WINDOW), here + _WINDOW)
    if position < 0:
        return None
    sentence = cast.sentences[cast.sentence_at(position)]
    end = next((k for k, one in enumerate(sentence.tokens) if one.end > position), 0)
    return _name_before(sentence, end, len(word))


def _name_before(sentence: Sentence, end: int, length: int) -> str | None:
    """Return the capitalised words before token `end`, as many as the acronym has letters."""
    start, left = end, length
    while start and end - start < 2 * length and left:
        tag = sentence.tags[start - 1]
        if tag == "M" or (tag in "IDC" and start < end):
            left -= tag == "M"
            start -= 1
        else:
            break
    while start < end and sentence.tags[start] != "M":
        start += 1
    if end - start < 2:
        return None
    words = [token.text for token in sentence.tokens[start:end]]
    return " ".join(words)


def named_before(cast: Cast, number: int, head: str) -> str | None:
    """Return the last institution named before a sentence whose name ends in a head word."""
    wanted = kinds_of(head)
    for sentence in reversed(cast.sentences[max(0, number - _BACK) : number]):
        for k in range(len(sentence.tags) - 1, 0, -1):
            if sentence.words[k] in wanted and sentence.tags[k] == sentence.tags[k - 1] == "M":
                start = k
                while start and sentence.tags[start - 1] == "M":
                    start -= 1
                return " ".join(token.text for token in sentence.tokens[start : k + 1])
    return None
