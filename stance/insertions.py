"""Reports beside what they report: `..., he said`, `as he noted, ...`, `according to him, ...`."""

import dataclasses

from stance.complements import agent, complement
from stance.cues import Cue
from stance.grammar import Sentence, is_title
from stance.phrases import (
    Tokens,
    phrase_after,
    sentence_end,
    skip_adverbials,
    subject,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A statement in terms of its sentence's tokens; `rule` says what found it."""

    pieces: tuple[Tokens, ...]
    rule: str
    cue: Tokens | None = None
    mention: Tokens | None = None
    question: Tokens | None = None

    def holds(self, token: int) -> bool:
        """Tell whether a token belongs to the content."""
        return any(piece.first <= token < piece.end for piece in self.pieces)


def parenthetical(sentence: Sentence, cue: Cue) -> Report | None:
    """Match a report behind or inside what it reports: `..., he said`, `..." said Kim`."""
    if cue.infinitive or cue.passive or not cue.verb.frames & {"quote", "clause", "that", "person"}:
        return None
    if cue.verb.group == "call" or cue.verb.forms[0] in ("seem", "appear") or cue.negated:
        return None
    if sentence.tags[: cue.group_start][-1:] == "W":
        return None
    mention, before, rest = _inverted(sentence, cue) or _trailing(sentence, cue) or (None, 0, 0)
    if mention is None:
        return None
    content = content_before(sentence, before)
    resumed = resumption(sentence, rest)
    opening = "".join(
        sentence.tags[k] for k in range(*content) if not is_title(sentence.tokens[k].quoted)
    )
    aside = opening[:1] in ("I", "S") and not set("XVQ,") & set(opening)
    if content.end <= content.first or (aside and resumed is None):
        return None
    pieces = (content,) if resumed is None else (content, resumed)
    quoted = resumed is not None and sentence.tags[resumed.first] == "Q"
    if resumed is not None and quoted and "Q" not in opening:
        pieces = (resumed,)
    return Report(pieces, "parenthetical", Tokens(cue.first, cue.last + 1), mention)


def as_told(sentence: Sentence, cue: Cue) -> Report | None:
    """Match `As the envoy noted, ...`, `..., as reported by Kim` and `..., as he put it, ...`."""
    tags = sentence.tags
    if not cue.verb.frames & {"clause", "that"} or cue.infinitive:
        return None
    opening = len(tags) - len(tags.lstrip(".CA"))
    opens = sentence.words[opening : opening + 1] == ("as",) and opening < cue.group_start
    first = opening if opens else _inserted_as(sentence, cue)
    if first is None or set("VX") & set(tags[first : cue.group_start]):
        return None
    mention = agent(sentence, cue)
    told = skip_adverbials(sentence, cue.last + 1 if mention is None else mention.end)
    if mention is None:
        mention = subject(sentence, cue)
    comma = tags.find(",", cue.last, cue.last + 13)
    end = sentence_end(sentence)
    if mention is None or mention.first <= first or told not in (comma, end):
        return None
    before = Tokens(opening, first - 1)
    behind = Tokens(comma + 1, end)
    content = behind if told == comma and behind.end > behind.first + 1 else before
    if content.end <= content.first:
        return None
    return Report((content,), "as told", Tokens(cue.first, cue.last + 1), mention)


def _inserted_as(sentence: Sentence, cue: Cue) -> int | None:
    """Return the token of an `as` that opens an insertion with the cue: `, as he put it`."""
    for k in range(cue.group_start - 1, max(0, cue.group_start - 12), -1):
        if sentence.words[k] == "as" and sentence.tags[k - 1] in ",-":
            return k
        if sentence.tags[k] in ",;:-Q":
            break
    return None


def _inverted(sentence: Sentence, cue: Cue) -> tuple[Tokens, int, int] | None:
    """Return subject, end of the content and end of the report for `..." said Kim`."""
    if not _is_inverted(sentence, cue):
        return None
    mention = phrase_after(sentence, cue.last + 1)
    if mention is None:
        return None
    quoted = _is_quoted(sentence, cue.group_start)
    if not quoted and not set("XVQ") & set(sentence.tags[: cue.group_start]):
        return None
    if not quoted and not _ends_report(sentence, mention.end):
        # `..., said Kim, the head of the agency that ...`
        described = "," in sentence.tags[mention.first : mention.end]
        following = sentence.tags[mention.end]
        if following != "W" and not (described and following in "SI"):
            return None
    return mention, cue.group_start, mention.end


def _trailing(sentence: Sentence, cue: Cue) -> tuple[Tokens, int, int] | None:
    """Return subject, end of the content and end of the report for `..., Kim said`."""
    mention = subject(sentence, cue)
    if mention is None or not mention.first or sentence.tags[mention.first - 1] not in ",Q-":
        return None
    rest = _after_addressee(sentence, cue)
    if _is_quoted(sentence, mention.first):
        if not _leads_on(sentence, mention.first) and _governs(sentence, cue):
            return None
    else:
        thought = cue.verb.group == "think" and skip_adverbials(sentence, rest) < sentence_end(
            sentence
        )
        told = cue.verb.frames & {"clause", "that", "person"} and _ends_report(sentence, rest)
        if thought or not told:
            return None
    return mention, mention.first, rest


def content_before(sentence: Sentence, end: int) -> Tokens:
    """Return the tokens up to a report, from the sentence's start or a colon's quotation."""
    tags = sentence.tags
    while end and tags[end - 1] in ",-":
        end -= 1
    start = 0
    while start < end and tags[start] in ".,;:-)":
        start += 1
    colon = tags.rfind(":", start, end)
    return Tokens(colon + 1 if colon >= 0 and tags[colon + 1 : end] == "Q" else start, end)


def _is_quoted(sentence: Sentence, end: int) -> bool:
    """Tell whether a quotation ends right before token `end`, a comma between or not."""
    return "Q" in (sentence.tags[end - 1 : end], sentence.tags[max(0, end - 2) : end - 1])


def _leads_on(sentence: Sentence, end: int) -> bool:
    """Tell whether the quotation before token `end` ends as one that its report follows."""
    last = sentence.tokens[end - 1 if sentence.tags[end - 1] == "Q" else end - 2]
    return last.quoted[-1:] in tuple(",?!—")


def _is_inverted(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether the subject may stand behind the verb: `..." said Kim`, `..., said Kim`."""
    before = cue.group_start
    if not before or sentence.tags[before - 1] not in ",Q" or cue.form not in ("past", "third"):
        return False
    if sentence.tags[before - 1] == "Q" or sentence.tags[max(0, before - 2)] == "Q":
        return True
    return before > 2 and cue.verb.forms[0] in ("say", "add", "note", "explain", "report")


def _after_addressee(sentence: Sentence, cue: Cue) -> int:
    """Return the token behind the cue and the person it is said to."""
    after = cue.last + 1
    if "person" not in cue.verb.frames:
        return after
    person = phrase_after(sentence, after)
    return person.end if person is not None else after


def _governs(sentence: Sentence, cue: Cue) -> bool:
    found = complement(sentence, cue)
    return found is not None and found.frame in ("that", "wh", "clause")


def _ends_report(sentence: Sentence, rest: int) -> bool:
    """Tell whether nothing that could be reported follows token `rest`."""
    k = skip_adverbials(sentence, rest)
    if k >= sentence_end(sentence):
        return True
    tags, words = sentence.tags, sentence.words
    if tags[k] in ",;-":
        return True
    if words[k : k + 2] in (("at", "least"), ("up", "to"), ("at", "most")):
        return False
    if tags[k] == "I" and words[k] not in ("of", "to", "for"):
        return "that" not in words[k : k + 12] and ":" not in tags[k : k + 15]
    return words[k] in ("as", "when", "while", "after", "before")


def resumption(sentence: Sentence, rest: int) -> Tokens | None:
    """Return the part of the statement that goes on behind an inserted report."""
    tags, words = sentence.tags, sentence.words
    end = sentence_end(sentence)
    k = rest
    while k < end and tags[k] not in ",-:;V" and k - rest < 20:
        k += 1
    k += 1
    if k >= end or tags[k - 1] not in ",-:":
        return None
    if tags[k] == "Q":
        return Tokens(k, end if "Q" not in tags[k + 1 :] else len(tags.rstrip(".,;:-")))
    if "Q" in tags[:rest] or tags[k] == "V" or words[k] in ("while", "who"):
        return None
    if tags[k] in "ISA" and not set("XV") & set(tags[k:end]):
        return None
    return Tokens(k, end)
