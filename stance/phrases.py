"""Where noun phrases, adverbials and clauses begin and end in a sentence, as token ranges."""

from typing import NamedTuple

from stance.cues import Cue
from stance.grammar import Sentence, word_classes

_NOUN = frozenset("LMNQ")
_BOUNDARY = frozenset(",:;.-(SCWQ")
_WINDOW = 30


class Tokens(NamedTuple):
    """A half-open range of tokens of a sentence."""

    first: int
    end: int


def phrase_before(sentence: Sentence, end: int) -> Tokens | None:
    """Return the noun phrase that ends before token `end`, with what follows its head."""
    end = before_adverbial(sentence, end)
    tags, words = sentence.tags, sentence.words
    if not end:
        return None
    last = tags[end - 1]
    if last in "RO" or words[end - 1] in word_classes()["pronoun"]:
        return Tokens(end - 1, end)
    if last == ",":
        return _with_apposition(sentence, end)
    if last == ")" or (last == "-" and "-" in tags[max(0, end - _WINDOW) : end - 1]):
        opening = tags.rfind("(" if last == ")" else "-", max(0, end - _WINDOW), end - 1)
        return phrase_before(sentence, opening) if opening > 0 else None
    if last not in "LMNQDT":
        return None
    start = _core_before(sentence, end)
    if start is None:
        return None
    best = start
    while start > 1 and end - start < _WINDOW:
        if tags[start - 1] not in "IC" or words[start - 1] in ("but", "yet"):
            break
        longer = _core_before(sentence, start - 1)
        if longer is None:
            break
        if words[start - 1] == "of":
            best = longer if best == start else best
        joint = words[start - 1] == "and" and best == start
        begins = longer == 0 or tags[longer - 1] in _BOUNDARY or tags[longer - 1] == "T"
        if begins or (joint and _are_joint(sentence, longer, start)):
            best = longer
        start = longer
    return Tokens(best, end)


def _are_joint(sentence: Sentence, first: int, second: int) -> bool:
    """Tell whether `the United States and South Korean chiefs` speak together."""
    tags, words = sentence.tags, sentence.words
    names = tags[first : second - 1].lstrip("D").strip("M") == "" and tags[second] == "M"
    return names and tags[first - 1] == "L" and not words[first - 1].endswith(("ed", "ing"))


def _core_before(sentence: Sentence, end: int) -> int | None:
    """Return the start of the plain noun phrase that ends before token `end`."""
    tags = sentence.tags
    start = end
    while start and end - start < _WINDOW and tags[start - 1] in _NOUN:
        if tags[start - 1] == "Q" and _speaks(sentence, start - 1):
            break
        start -= 1
    while start and tags[start - 1] in "DA" and (tags[start - 1] == "D" or start < end):
        if tags[start - 1] == "A" and not (start > 1 and tags[start - 2] == "D"):
            break
        start -= 1
    return start if start < end else None


def _speaks(sentence: Sentence, k: int) -> bool:
    """Tell a quotation that says something from a name or a word between marks."""
    quoted = sentence.tokens[k].quoted
    return quoted.count(" ") > 3 or quoted[-1:] in tuple(",.?!…")


def _with_apposition(sentence: Sentence, end: int) -> Tokens | None:
    """Return the noun phrase before `, ... ,`: with its appositions, without an aside."""
    tags, words = sentence.tags, sentence.words
    stop = end - 1
    comma = tags.rfind(",", max(0, stop - _WINDOW), stop)
    while comma > 0 and comma < stop - 1:
        inside = tags[comma + 1 : stop]
        if "Q" in inside or "X" in inside.partition("W")[0]:
            return None
        aside = inside[0] in "IASWXV" or words[comma + 1].endswith("ing")
        head = phrase_before(sentence, comma) if tags[comma - 1] != "," else None
        further = tags.rfind(",", max(0, comma - _WINDOW), comma)
        if head is None or (head.first == further + 1 and further > 0 and "M" not in inside):
            stop, comma = comma, further
            continue
        if head.first == further + 1 and _names_before(sentence, further):
            stop, comma = comma, further
            continue
        return head if aside else Tokens(head.first, end - 1)
    return None


def _names_before(sentence: Sentence, comma: int) -> bool:
    """Tell whether the sentence up to a comma is a name: `Giovanni Maria Vian, the editor`."""
    tags = sentence.tags
    return comma > 0 and tags[0] == "M" and not set(tags[:comma]) - set("LMN,ID")


def before_adverbial(sentence: Sentence, end: int) -> int:
    """Return `end` moved left over a day or date: `Russia on Thursday` ends after Russia."""
    tags, words = sentence.tags, sentence.words
    while end > 1 and (tags[end - 1] == "A" or words[end - 1].endswith(("self", "selves"))):
        end -= 1
    if end > 1 and tags[end - 1] == "T":
        end -= 1
        return end - 1 if words[end - 1] in ("on", "late", "early") and end > 1 else end
    if end > 2 and words[end - 1] in word_classes()["time"] and words[end - 2] in ("last", "this"):
        return end - 2
    return end


def phrase_after(sentence: Sentence, start: int) -> Tokens | None:
    """Return the noun phrase that begins at token `start`, with complements and apposition."""
    tags, words = sentence.tags, sentence.words
    if start >= len(tags):
        return None
    if tags[start] in "RO":
        return Tokens(start, start + 1)
    end = _core_after(sentence, start)
    if end is None:
        return None
    while end + 1 < len(tags) and end - start < _WINDOW:
        joins = (words[end] == "of" and not words[end + 1].endswith("ing")) or (
            words[end] == "and" and tags[end + 1] in "MD"
        )
        joins = joins or (
            words[end] in ("for", "to", "at", "in", "from", "with")
            and tags[end - 1] == "L"
            and tags[end + 1] in "DM"
        )
        longer = _core_after(sentence, end + 1) if joins else None
        if longer is None:
            break
        end = longer
    return Tokens(start, _apposition_end(sentence, start, end))


def _core_after(sentence: Sentence, start: int) -> int | None:
    tags = sentence.tags
    end = start
    while end < len(tags) and end - start < _WINDOW and tags[end] in "DNA":
        end += 1
    while end < len(tags) and end - start < _WINDOW and tags[end] in _NOUN:
        if tags[end] == "Q" and _speaks(sentence, end):
            break
        end += 1
    return end if end > start and tags[end - 1] != "A" else None


def _apposition_end(sentence: Sentence, start: int, end: int) -> int:
    """Return where the apposition after a name ends; `end` where there is none."""
    tags, words = sentence.tags, sentence.words
    if end + 1 >= len(tags) or tags[end] != "," or "M" not in tags[start:end]:
        return end
    if tags[end + 1] == "N" and tags[end + 2 : end + 3] == ",":
        return end + 2
    if tags[end + 1] not in "DLM" or words[end + 1].endswith("ing"):
        return end
    stop = end + 1
    while stop < len(tags) and stop - end < 20 and tags[stop] not in ",.;:QSWX-VC":
        stop += 1
    if stop < len(tags) and tags[stop] in "XV":
        return end
    return stop


def subject(sentence: Sentence, cue: Cue) -> Tokens | None:
    """Return the noun phrase whose verb the cue is; None where another verb shares it."""
    end = cue.group_start
    if cue.infinitive or cue.form == "participle":
        return None
    tags = sentence.tags
    if end and (tags[end - 1] == "W" or sentence.words[end - 1] == "that"):
        end -= 1
        if end and tags[end - 1] == ",":
            end -= 1
    return phrase_before(sentence, end)


def skip_adverbials(sentence: Sentence, start: int) -> int:
    """Return `start` moved right over adverbs and days."""
    tags, words = sentence.tags, sentence.words
    k = start
    while k < len(tags):
        if tags[k] in "AT" and words[k] != "there":
            k += 1
        elif (words[k] in ("on", "late", "early", "last") and tags[k + 1 : k + 2] == "T") or (
            words[k] in ("last", "this")
            and words[k + 1 : k + 2]
            and (words[k + 1] in word_classes()["time"])
        ):
            k += 2
        elif (
            words[k] == "the"
            and words[k + 1 : k + 2]
            and words[k + 1] in _NEAR
            and (words[k + 2 : k + 3] and words[k + 2] in word_classes()["time"])
        ):
            k += 3
        else:
            break
    return k


_NEAR = frozenset(["previous", "next", "same", "following"])


def sentence_end(sentence: Sentence) -> int:
    """Return the number of tokens without the closing marks."""
    end = len(sentence.tags)
    while end and sentence.tags[end - 1] in ".,;:-":
        end -= 1
    return end
