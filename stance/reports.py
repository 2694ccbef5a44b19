"""What a sentence reports: its statements as ranges of tokens, with cue, source and question."""

import dataclasses
import functools

from stance.acts import is_reported_act
from stance.complements import Complement, agent, complement
from stance.cues import Cue, find_cues, marked
from stance.grammar import Sentence, is_title
from stance.insertions import Report, as_told, parenthetical
from stance.nouns import find_noun_reports
from stance.phrases import (
    Tokens,
    phrase_after,
    phrase_before,
    sentence_end,
    subject,
)
from stance.raising import raised
from stance.silences import find_silences
from stance.standpoints import standpoints
from stance.text import word_list

# Words of a quotation that no verb reports; more of a fragment in the midst of its sentence.
_MIN_WORDS, _MIN_FRAGMENT = 6, 11
# Reports inside what another one reports are kept only where they hold something definite.
_NESTED = frozenset(["that", "clause", "quote", "parenthetical", "gap"])
# An infinitive with no more than an object (`to discuss the treaty`) is no report of its own.
_FINITE_ONLY = frozenset(["say", "think", "promise", "decline", "show"])


def find_reports(sentence: Sentence) -> list[Report]:
    """Return the statements of one sentence."""
    cues = find_cues(sentence)
    sentence = marked(sentence, cues)
    reports = [*standpoints(sentence)]
    silences = find_silences(sentence)
    cues = [one for one in cues if not any(one.first in range(*act.cue) for act in silences)]
    reports.extend(_by_verbs(sentence, cues, reports))
    for content, noun, owner in [*silences, *find_noun_reports(sentence)]:
        repeated = any(content in one.pieces for one in reports)
        if not repeated and not _is_inside(noun.first, reports):
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
        report = as_told(sentence, cue) or raised(sentence, cue) or parenthetical(sentence, cue)
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
    if not sentence.opens_paragraph or colon <= first or set(tags[:colon]) - set("DLMN().,"):
        return None
    # `THE PRESIDENT: ...`, `JON POE, Plough: ...`, but no `The plan: ...`
    if set(tags[:colon]) & set("D,") and not sentence.tokens[first].text.isupper():
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
        # `Kim demurred: "..."`
        told = k > 2 and words[k - 2].endswith("ed") and tags[k - 2] in "LV"
        cue = Tokens(k - 2, k - 1) if told else Tokens(k - 1, k)
        return Report(content, "colon", cue, mention) if mention else None
    quoted = sentence.tokens[k].quoted
    if quoted[-1:] not in tuple(",?!—") or k + 2 >= len(tags) or is_title(quoted):
        return None
    if tags[:k][-1:] in ("D", "L", "M", "N", "I"):
        return None
    phrase = phrase_after(sentence, k + 1)
    if phrase is None:
        return None
    if words[k + 1].endswith("ed") and tags[k + 1] == "L" and tags[k + 2] in "DM":
        # `"Stop!" barked the guard`
        mention = phrase_after(sentence, k + 2)
        return Report(content, "unlisted", Tokens(k + 1, k + 2), mention)
    for verb in range(phrase.first + 1, min(phrase.end + 1, len(tags))):
        is_past = words[verb].endswith(("ed", "es")) and tags[verb] in "LV"
        if tags[verb] == "V" or (is_past and verb >= phrase.end - 1):
            return Report(content, "unlisted", Tokens(verb, verb + 1), Tokens(k + 1, verb))
    return None


def _is_statement(sentence: Sentence, k: int) -> bool:
    """Tell a quoted statement from a title, a nickname, a term; a lone one from nothing."""
    alone = sentence.tags.strip(".,;:-") == "Q"
    quoted = sentence.tokens[k].quoted
    if is_title(quoted) or quoted.lower().startswith("so-called"):
        return False
    fragment = quoted[:1].islower() and sentence_end(sentence) > k + 1
    least = _MIN_FRAGMENT if fragment else _MIN_WORDS
    return alone or len(quoted.split()) >= least


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
    finite_only = cue.verb.group in _FINITE_ONLY and not _is_attempt(sentence, cue)
    if cue.infinitive and bare_object and finite_only:
        return None
    first = _negation_start(sentence, cue) if cue.negated else cue.first
    first = cue.group_start if cue.passive else first
    content, cue_tokens = found.content, Tokens(first, found.cue_end)
    question = None
    if is_reported_act(cue, found):
        content = Tokens(first, found.content.end)
        cue_tokens = Tokens(first, _act_end(sentence, found))
        question = _question_in(sentence, content)
    elif cue.verb.forms[0] == "ask" and found.frame in ("wh", "about", "for"):
        if found.frame != "wh" and by is not None:
            mention = None
        question = found.content if mention is None else None
    return Report((content,), found.frame, cue_tokens, mention, question)


def _is_attempt(sentence: Sentence, cue: Cue) -> bool:
    """Tell `tried to explain it` from an infinitive that only gives a purpose."""
    before = sentence.words[max(0, cue.group_start - 2) : cue.group_start]
    return bool(_ATTEMPTS & set(before))


_ATTEMPTS = frozenset(
    "try tries tried trying continue continues continued continuing fail fails failed failing went "
    "goes going managed sought seeks began begins chose used vowed want wants wanted".split()
)


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
