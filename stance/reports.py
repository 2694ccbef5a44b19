"""What a sentence reports: its statements as ranges of tokens, with cue, source and question."""

import dataclasses
import functools
from collections.abc import Iterator

from stance.complements import Complement, agent, complement, is_reported_act
from stance.cues import Cue, find_cues, marked
from stance.grammar import Sentence
from stance.nouns import find_noun_reports
from stance.phrases import (
    Tokens,
    phrase_after,
    phrase_before,
    sentence_end,
    skip_adverbials,
    subject,
)
from stance.silences import find_silences
from stance.text import word_list

_MIN_WORDS = 7  # of a quotation in the midst of a sentence that no verb reports
# Reports inside what another one reports are kept only where they hold something definite.
_NESTED = frozenset(["that", "clause", "quote", "parenthetical", "gap"])
# An infinitive with no more than an object (`to discuss the treaty`) is no report of its own.
_FINITE_ONLY = frozenset(["say", "think", "promise", "decline", "show"])


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


def find_reports(sentence: Sentence) -> list[Report]:
    """Return the statements of one sentence."""
    cues = find_cues(sentence)
    sentence = marked(sentence, cues)
    reports = [*_according_to(sentence)]
    silences = find_silences(sentence)
    cues = [one for one in cues if not any(one.first in range(*act.cue) for act in silences)]
    reports.extend(_by_verbs(sentence, cues, reports))
    for content, noun, owner in [*silences, *find_noun_reports(sentence)]:
        if not _is_inside(noun.first, reports):
            reports.append(Report((content,), "noun", noun, owner))
    opening = _opening(sentence)
    if opening is not None and all(opening.pieces[0] != one.pieces[0] for one in reports):
        reports.append(opening)
    for k, token in enumerate(sentence.tokens):
        if token.quotation and not _is_inside(k, reports):
            lone = Report((Tokens(k, k + 1),), ALONE) if _is_statement(sentence, k) else None
            report = _unlisted(sentence, k) or lone
            if report is not None:
                reports.append(report)
    return _with_questions(reports)


ALONE = "quotation alone"
SPEAKER = "speaker"
QUESTION = "question"  # put to the source by nobody in particular: no statement


def _by_verbs(sentence: Sentence, cues: list[Cue], reports: list[Report]) -> list[Report]:
    """Return the reports that verbs make; a participle shares the source of the one before."""
    found: list[Report] = []
    speaker: Tokens | None = None
    for cue in cues:
        report = _as_told(sentence, cue) or _parenthetical(sentence, cue)
        report = report or _governing(sentence, cue, speaker)
        if report is None:
            continue
        speaker = report.mention or speaker
        if _is_carrier(sentence, cue, report, found):
            continue
        nested = _is_inside(cue.first, [*reports, *found])
        if nested and (report.rule not in _NESTED or cue.verb.group != "say"):
            continue
        found.append(report)
    return found


def _is_inside(token: int, reports: list[Report]) -> bool:
    return any(report.holds(token) for report in reports)


def _is_carrier(sentence: Sentence, cue: Cue, report: Report, found: list[Report]) -> bool:
    """Tell a news agency's report of what somebody else says in the same sentence."""
    if report.rule != "parenthetical" or report.mention is None:
        return False
    if cue.verb.forms[0] != "report" and not _agencies() & set(
        sentence.words[slice(*report.mention)]
    ):
        return False
    return any(one.mention and one.cue and report.holds(one.cue.first) for one in found)


@functools.cache
def _agencies() -> frozenset[str]:
    return frozenset(word_list("agencies"))


@functools.cache
def _labels() -> frozenset[str]:
    return frozenset(word_list("labels"))


def _opening(sentence: Sentence) -> Report | None:
    """Match a name and a colon, or a bare `Q`, before what it says: headlines, transcripts."""
    tags = sentence.tags
    if sentence.opens_paragraph and tags[:2].strip("LV") and sentence.tokens[0].text == "Q":
        return Report((Tokens(1, len(tags)),), SPEAKER, None, Tokens(0, 1)) if tags[1:] else None
    first = len(tags) - len(tags.lstrip("."))
    colon = tags.find(":", 0, 10)
    if not sentence.opens_paragraph or colon <= first or tags[:colon].strip("LMN(."):
        return None
    end = sentence_end(sentence)
    if "M" not in tags[:colon] or end <= colon + 2 or _labels() & set(sentence.words[:colon]):
        return None
    content = (Tokens(colon + 1, end),)
    return Report(content, SPEAKER, Tokens(colon, colon + 1), Tokens(first, colon))


def find_announcement(sentence: Sentence) -> Report | None:
    """Return the report that a sentence announces for the next: `Kim went on:`."""
    if sentence.tags[-1:] != ":":
        return None
    cues = find_cues(sentence)
    for cue in reversed(cues):
        mention = subject(marked(sentence, cues), cue)
        if mention is not None and cue.verb.frames & {"quote", "clause", "person"}:
            return Report((mention,), "announced", Tokens(cue.first, cue.last + 1), mention)
    return None


def find_headline(sentence: Sentence) -> Report | None:
    """Match a headline with its source behind a colon: `Raid was a mistake: U.S. official`."""
    tags, words = sentence.tags, sentence.words
    colon = tags.rfind(":")
    end = next((k for k in range(colon, len(tags)) if tags[k] in "-("), len(tags))
    if colon < 3 or not 1 <= end - colon - 1 <= 5 or tags[colon + 1 : end].strip("DLMN"):
        return None
    if not _sources() & set(words[colon + 1 : end]):
        return None
    start = 1 if tags[0] == "." else 0
    return Report((Tokens(start, colon),), "headline", None, Tokens(colon + 1, end))


@functools.cache
def _sources() -> frozenset[str]:
    """Return the words that tell a source from a topic: heads of titles, institutions."""
    titles = (line.partition(":")[2].split() for line in word_list("titles"))
    return frozenset(word_list("institutions")).union(*titles)


def _unlisted(sentence: Sentence, k: int) -> Report | None:
    """Match a quotation beside a verb that the lexicon does not know: `..., Kim barked`."""
    tags, words = sentence.tags, sentence.words
    content = (Tokens(k, k + 1),)
    if k and tags[k - 1] == ":" and _is_statement(sentence, k):
        mention = _main_subject(sentence, k - 1) or phrase_before(sentence, k - 1)
        return Report(content, "colon", Tokens(k - 1, k), mention) if mention else None
    if sentence.tokens[k].quoted[-1:] not in tuple(",?!—") or k + 2 >= len(tags):
        return None
    phrase = phrase_after(sentence, k + 1)
    if phrase is None:
        return None
    for verb in range(phrase.first + 1, min(phrase.end + 1, len(tags))):
        is_past = words[verb].endswith(("ed", "es")) and tags[verb] in "LV"
        if tags[verb] == "V" or (is_past and verb >= phrase.end - 1):
            return Report(content, "unlisted", Tokens(verb, verb + 1), Tokens(k + 1, verb))
    return None


def _is_statement(sentence: Sentence, k: int) -> bool:
    """Tell a quoted statement from a title, a nickname, a term; a lone one from nothing."""
    alone = sentence.tags.strip(".,;:-") == "Q"
    return alone or len(sentence.tokens[k].text.split()) >= _MIN_WORDS


def _parenthetical(sentence: Sentence, cue: Cue) -> Report | None:
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
    content = _content_before(sentence, before)
    resumed = _resumption(sentence, rest)
    opening = sentence.tags[content.first : content.end]
    aside = opening[:1] in ("I", "S") and not set("XVQ,") & set(opening)
    if content.end <= content.first or (aside and resumed is None):
        return None
    pieces = (content,) if resumed is None else (content, resumed)
    if resumed and sentence.tags[resumed.first] == "Q" and _asks(sentence, content.first):
        pieces = (resumed,)
    return Report(pieces, "parenthetical", Tokens(cue.first, cue.last + 1), mention)


def _as_told(sentence: Sentence, cue: Cue) -> Report | None:
    """Match `As the envoy noted, ...` and `As reported by Kim, ...`."""
    tags = sentence.tags
    comma = tags.find(",", cue.last)
    first = len(tags) - len(tags.lstrip(".CA"))
    if sentence.words[first : first + 1] != ("as",) or comma < 0 or comma > cue.last + 12:
        return None
    if set("VX") & set(tags[first : cue.group_start]) or not cue.verb.frames & {"clause", "quote"}:
        return None
    mention = agent(sentence, cue)
    if mention is None and comma == skip_adverbials(sentence, cue.last + 1):
        mention = subject(sentence, cue)
    end = sentence_end(sentence)
    if mention is None or mention.first <= first or comma + 2 >= end:
        return None
    content = Tokens(comma + 1, end)
    return Report((content,), "as told", Tokens(cue.first, cue.last + 1), mention)


def _inverted(sentence: Sentence, cue: Cue) -> tuple[Tokens, int, int] | None:
    """Return subject, end of the content and end of the report for `..." said Kim`."""
    if not _is_inverted(sentence, cue):
        return None
    mention = phrase_after(sentence, cue.last + 1)
    if mention is None:
        return None
    if not _is_quoted(sentence, cue.group_start) and not _ends_report(sentence, mention.end):
        # `..., said Kim, the head of the agency that ...`
        described = "," in sentence.tags[mention.first : mention.end]
        following = sentence.tags[mention.end]
        if not set("XV") & set(sentence.tags[: cue.group_start]):
            return None
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
    elif not (cue.verb.frames & {"clause", "that", "person"} and _ends_report(sentence, rest)):
        return None
    elif cue.verb.group == "think" and skip_adverbials(sentence, rest) < sentence_end(sentence):
        return None
    return mention, mention.first, rest


def _content_before(sentence: Sentence, end: int) -> Tokens:
    """Return the tokens up to a report, from the sentence's start or a colon's quotation."""
    tags = sentence.tags
    while end and tags[end - 1] in ",-":
        end -= 1
    start = 0
    while start < end and tags[start] in ".,;:-)":
        start += 1
    colon = tags.rfind(":", start, end)
    return Tokens(colon + 1 if colon >= 0 and tags[colon + 1 : end] == "Q" else start, end)


def _asks(sentence: Sentence, start: int) -> bool:
    """Tell whether the sentence opens with a question put to the source: `Asked whether ...`."""
    words = sentence.words[start : start + 4]
    return "asked" in words and "Q" not in sentence.tags[start : start + 4]


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


def _resumption(sentence: Sentence, rest: int) -> Tokens | None:
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


def _governing(sentence: Sentence, cue: Cue, speaker: Tokens | None) -> Report | None:
    """Match a report in front of what it reports: `he said that ...`, `calling it ...`."""
    found = complement(sentence, cue)
    by = agent(sentence, cue)
    if found is None:
        return None
    mention = subject(sentence, cue)
    quoted = _quoted_person(sentence, cue)
    if by is not None:
        mention = by
    elif cue.passive or quoted is not None:
        mention = quoted
    elif mention is None:
        mention = speaker or _main_subject(sentence, cue.group_start)
    bare_object = found.frame == "obj" or (found.frame == "clause" and "obj" in cue.verb.frames)
    if cue.infinitive and bare_object and cue.verb.group in _FINITE_ONLY:
        return None
    content, cue_tokens = found.content, Tokens(cue.first, found.cue_end)
    question = None
    if is_reported_act(cue, found):
        first = _negation_start(sentence, cue) if cue.negated else cue.first
        content = Tokens(first, found.content.end)
        cue_tokens = Tokens(first, _act_end(sentence, found))
        question = _question_in(sentence, content)
    elif cue.verb.forms[0] == "ask" and found.frame in ("wh", "about", "for"):
        if found.frame != "wh" and by is not None:
            mention = None
        question = found.content if mention is None else None
    return Report((content,), found.frame, cue_tokens, mention, question)


def _quoted_person(sentence: Sentence, cue: Cue) -> Tokens | None:
    """Return the person in `the agency quoted Kim as saying`."""
    words = sentence.words
    if words[cue.first] != "saying" or words[cue.first - 1 : cue.first] != ("as",):
        return None
    for k in range(cue.first - 2, max(-1, cue.first - 20), -1):
        if words[k] in ("quoted", "cited", "quoting", "citing", "quotes", "cites"):
            by_name = phrase_after(sentence, k + 1)
            return by_name or phrase_before(sentence, k - (words[k - 1] in ("was", "were")))
    return None


def _negation_start(sentence: Sentence, cue: Cue) -> int:
    """Return where `did not answer` begins."""
    words = sentence.words
    if words[cue.first - 1 : cue.first] == ("nor",) and "neither" in words[: cue.first]:
        return words.index("neither")
    for k in range(cue.group_start, cue.first):
        if sentence.tags[k] == "X" or words[k] in ("not", "never"):
            return k
    return cue.first


def _act_end(sentence: Sentence, found: Complement) -> int:
    """Return the end of the cue of a reported act: of `declined to comment`."""
    start = found.content.first
    if found.frame == "to" and start + 1 < found.content.end:
        return start + 2
    return start + 1 if sentence.tags[start] == "V" else found.cue_end


def _question_in(sentence: Sentence, content: Tokens) -> Tokens | None:
    """Return the question within a reported act: `declined to comment on whether ...`."""
    for k in range(*content):
        if sentence.words[k] in ("whether", "if") and k + 1 < content.end:
            return Tokens(k, content.end)
    return None


def _with_questions(reports: list[Report]) -> list[Report]:
    """Give a question put to the source to what else the sentence reports, and drop it."""
    question = next((one.question for one in reports if one.question is not None), None)
    if question is None:
        return reports
    if len(reports) == 1:
        asked = reports[0].pieces == (question,) and reports[0].mention is None
        return [dataclasses.replace(reports[0], rule=QUESTION)] if asked else reports
    return [
        dataclasses.replace(one, question=question)
        for one in reports
        if one.pieces != (question,) or one.mention is not None
    ]


def _main_subject(sentence: Sentence, end: int) -> Tokens | None:
    """Return the subject of the clause that a participle before token `end` hangs on."""
    tags = sentence.tags
    for k in range(1, end):
        if tags[k] in "XV" or (k and tags[k] == "L" and sentence.words[k].endswith("ed")):
            return phrase_before(sentence, k)
    return None


def _according_to(sentence: Sentence) -> Iterator[Report]:
    """Match `according to X, ...` and `..., according to X`."""
    words, tags = sentence.words, sentence.tags
    for k in range(len(words) - 2):
        if words[k : k + 2] != ("according", "to"):
            continue
        mention = phrase_after(sentence, k + 2)
        if mention is None:
            continue
        opening = tags[:k].strip(".,;:-CA(")
        if opening and not (tags[k - 1] == "," and opening[0] == "I" and len(opening) < 4):
            resumed = _resumption(sentence, mention.end)
            content = _content_before(sentence, k)
            goes_on = resumed is not None and tags[resumed.first] in "XC"
            pieces = [content, resumed] if resumed and goes_on else [content]
        else:
            comma = tags.find(",", mention.end)
            pieces = [Tokens(comma + 1, sentence_end(sentence))] if comma >= 0 else []
        if pieces and pieces[0].end > pieces[0].first:
            yield Report(tuple(pieces), "according to", Tokens(k, k + 2), mention)
