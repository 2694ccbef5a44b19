"""Where a reported clause or noun phrase ends."""

import re

from stance.grammar import Sentence
from stance.phrases import phrase_after, sentence_end, skip_adverbials
from stance.verbs import verbs


def clause_end(sentence: Sentence, start: int) -> int:
    """Return where the clause that begins at token `start` ends, before what is not of it.

    That is a further report of the same source (`, adding that`, `and said`), a contrast with
    its own verb (`, but he gave no details`), or the report around it (`, officials said`).
    """
    tags, words = sentence.tags, sentence.words
    end = sentence_end(sentence)
    for match in _MAY_END.finditer(tags, start + 1, end):
        k = match.start()
        if tags[k] == ";":
            return k
        if tags[k] == "," and _breaks_off(sentence, k):
            return k
        if tags[k] == "," and _goes_astray(sentence, start, k):
            return k
        if tags[k - 1] == "Q" and _ends_with(sentence, k):
            return k
        if tags[k] == "S" and _reports_beside(sentence, k):
            return k
        if words[k] in ("and", "but") and _reports_on(sentence, k + 1):
            return k - (tags[k - 1] == ",")
    return end


_MAY_END = re.compile("[;,CS]|(?<=Q).")


def _reports_beside(sentence: Sentence, k: int) -> bool:
    """Tell whether `while noting that` or `while others say` begins at token `k`."""
    tags, words = sentence.tags, sentence.words
    if tags[k + 1 : k + 2] == "V" and words[k + 1].endswith("ing"):
        return True
    return words[k] in ("while", "whereas") and _has_cue(sentence, k + 1)


def _ends_with(sentence: Sentence, k: int) -> bool:
    """Tell whether the clause ends with the quotation before token `k`."""
    tags, words = sentence.tags, sentence.words
    following = tags[k + 1 : k + 2]
    goes_on = following == "Q" or words[k + 1 : k + 2] == ("that",)
    participle = tags[k] in "LV" and words[k].endswith("ing") and words[k] not in _PREPOSITIONS
    ends = (tags[k] in "DWC" and not goes_on) or participle or _has_cue(sentence, k)
    if ends and sentence.tokens[k - 1].quoted[-1:] == ",":
        return True
    verb = following == "V" or (following == "L" and words[k + 1].endswith("ed"))
    dash = tags[k] == "-"
    return _reports_again(sentence, k) or dash or (words[k] == "and" and verb)


def object_end(sentence: Sentence, start: int) -> int:
    """Return where the noun phrase at token `start` ends, with what belongs to its nouns."""
    tags, words = sentence.tags, sentence.words
    end = sentence_end(sentence)
    whole = clause_end(sentence, start)
    if "Q" in tags[start:whole]:
        return whole
    for k in range(start + 1, end):
        if tags[k] in ";:-" or (tags[k] == "," and not _continues_list(sentence, k)):
            return k
        if words[k] == "by" and k + 1 < end and words[k + 1].endswith("ing"):
            return k
        if tags[k] == "X" and tags[k - 1] in "LMN)" and not _opened(sentence, start, k):
            return k
        if tags[k] == "S" and words[k] not in _GOES_ON:
            return k
        on_day = words[k - 1] == "on"
        if words[k] in _AFTER_OBJECT or (tags[k] == "T" and (on_day or tags[k - 1] != "I")):
            return k - on_day
        if words[k] == "and" and k + 1 < end and tags[k + 1] in "VXA":
            return k
    return end


def _opened(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a clause of its own begins in the noun phrase, to which a verb may belong."""
    inside = sentence.words[start:end]
    return bool(set("WSRQV") & set(sentence.tags[start:end])) or "that" in inside


_AFTER_OBJECT = frozenset(["despite", "ahead", "amid", "but"])
_GOES_ON = frozenset(["that", "whether", "how", "why", "what", "where", "as"])


def _continues_list(sentence: Sentence, comma: int) -> bool:
    """Tell whether a list of noun phrases goes on behind a comma."""
    tags, words = sentence.tags, sentence.words
    if words[comma + 1 : comma + 2] == ("including",):
        return True
    if words[comma + 1 : comma + 2] == ("and",):
        return tags[comma + 2 : comma + 3] in ("D", "L", "M")
    stop = min(comma + 8, len(words))
    return "and" in words[comma:stop] and tags[comma + 1] in "LM" and "V" not in tags[comma:stop]


def _breaks_off(sentence: Sentence, comma: int) -> bool:
    words, tags = sentence.words, sentence.tags
    k = comma + 1
    if k >= len(words):
        return True
    if words[k : k + 2] == ("according", "to"):
        return True
    if words[k] == "but":
        return tags[k + 1 : k + 2] not in ("A", "S", "D", "X") or _reports_on(sentence, k + 1)
    if words[k] in ("while", "though", "although", "whereas"):
        return True
    if _is_inserted_report(sentence, k):
        return True
    if _is_finite_cue(sentence, k) and words[k + 1 : k + 2] == ("that",):
        return True
    if words[k] == "and" and (tags[k + 1 : k + 2] == "R" or _is_finite_cue(sentence, k + 1)):
        return True
    if words[k] in ("and", "or") and _reports_again(sentence, k + 1):
        return True
    if words[k] == "as" and tags[k + 1 : k + 2] in ("M", "R", "L"):
        return True
    if words[k] == "compared" and words[k + 1 : k + 2] and tags[k + 1] in "SI":
        return bool(set("XVQ") & set(tags[:comma]))
    return _reports_again(sentence, k) or _has_cue(sentence, k)


def _goes_astray(sentence: Sentence, start: int, comma: int) -> bool:
    """Tell whether `, which ...` or `, leaving ...` follows a clause that has its verb by now."""
    tags, words = sentence.tags, sentence.words
    word = words[comma + 1] if comma + 1 < len(words) else ""
    if word in ("a", "an") and "," not in tags[comma + 1 :]:
        # `they had left the town, a sign of weakness`
        return bool(set("XV") & set(tags[start:comma])) and tags[comma + 2 : comma + 3] == "L"
    participle = tags[comma + 1 : comma + 2] == "L" and word.endswith("ing")
    if not participle or word in _PREPOSITIONS:
        return False
    ended = any(words[k].endswith("ed") for k in range(start, comma) if tags[k] == "L")
    return ended or bool(set("XVQ") & set(tags[start:comma]))


_PREPOSITIONS = frozenset(["including", "according", "being"])


def _is_finite_cue(sentence: Sentence, k: int) -> bool:
    """Tell whether a reporting verb in the past or the third person begins at token `k`."""
    k = skip_adverbials(sentence, k)
    had = sentence.words[k : k + 1] in (("has",), ("have",), ("had",))
    if had or (sentence.tags[k : k + 1] == "X" and sentence.words[k + 1 : k + 2] == ("not",)):
        after = skip_adverbials(sentence, k + 1)
        # `and would not say`: the cue has its base form there.
        if not had:
            return after < len(sentence.words) and sentence.is_cue[after]
        k = after
    if k >= len(sentence.words) or not sentence.is_cue[k]:
        return False
    return any(name in ("past", "third") for _, name in verbs()[sentence.words[k]])


def _is_inserted_report(sentence: Sentence, k: int) -> bool:
    """Tell whether `X said` up to a comma or the end, or `which he said`, begins at token `k`."""
    tags = sentence.tags
    if tags[k] not in "DMRLNW":
        return False
    relative = tags[k] == "W"
    verb = k + relative
    while verb < len(tags) and verb - k < 12 and tags[verb] in "DMRLNIA":
        verb += 1
    while verb < len(tags) and tags[verb] == "X":
        verb += 1
    if verb == k + relative or tags[verb : verb + 1] != "V" or not sentence.is_cue[verb]:
        return False
    if relative:
        return tags[k + 1] in "RDM"
    after = skip_adverbials(sentence, verb + 1)
    return after >= sentence_end(sentence) or tags[after] in ",I"


def _reports_on(sentence: Sentence, first: int) -> bool:
    """Tell whether `insisted that` or `, others said` with its own content begins at `first`."""
    k = skip_adverbials(sentence, first)
    tags, words = sentence.tags, sentence.words
    if _is_finite_cue(sentence, k):
        return tags[first - 2] == "," or not (sentence.is_cue[k] and _thinks(words[k]))
    if k < len(words) and sentence.is_cue[k] and words[k + 1 : k + 2] == ("that",):
        return True
    if _reports_again(sentence, k):
        return words[k - 1] == "but" or tags[k + 1 : k + 2] == "Q" or "that" in words[k + 1 : k + 6]
    return tags[first - 2] == "," and _has_cue(sentence, k)


def _thinks(word: str) -> bool:
    return any(verb.group == "think" for verb, _ in verbs()[word])


def _has_cue(sentence: Sentence, k: int) -> bool:
    """Tell whether `others said`, with what they said, begins at token `k`."""
    tags = sentence.tags
    subject = phrase_after(sentence, k)
    if subject is None or subject.end - k > 8 or subject.end + 1 >= len(tags):
        return False
    verb = subject.end + (tags[subject.end] == "X")
    return _is_finite_cue(sentence, verb) and tags[verb + 1 : verb + 2] not in ("", ",", ".")


def _reports_again(sentence: Sentence, k: int) -> bool:
    """Tell whether a cue without a subject of its own begins at token `k`."""
    comma = sentence.tags[k - 1 : k] == ","
    k = skip_adverbials(sentence, k)
    if k >= len(sentence.words):
        return False
    word = sentence.words[k]
    return word in _AGAIN or (comma and sentence.is_cue[k] and word.endswith("ing"))


_AGAIN = frozenset(
    "said says told added adding saying warned insisted telling noting calling arguing claiming "
    "stating accusing denied declined called stressed vowed urged accused warning insisting "
    "asking urging suggesting explaining claimed argued suggested acknowledged acknowledging "
    "replied answered responded describing denying pledging vowing promised pledged noted "
    "asked".split()
)
