"""What a reporting verb reports: the clause, phrase or quotation that it governs."""

import dataclasses

from stance.clauses import clause_end, object_end
from stance.cues import Cue
from stance.grammar import Sentence, is_title, word_classes
from stance.phrases import Tokens, phrase_after, sentence_end, skip_adverbials

_SEARCH = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Complement:
    """The tokens that a cue reports; `frame` names the rule that found them.

    `cue_end` is where the cue's own words end (a preposition belongs to it).
    """

    content: Tokens
    frame: str
    cue_end: int


def complement(sentence: Sentence, cue: Cue) -> Complement | None:
    """Return what the cue governs to its right, None where nothing fits its frames."""
    found = _complement(sentence, cue)
    if found is None and cue.negated and cue.verb.group == "say" and not cue.passive:
        return Complement(Tokens(cue.first, cue.last + 1), "silence", cue.last + 1)
    if cue.verb.group == "answer":
        if cue.negated:
            return found or Complement(Tokens(cue.first, cue.last + 1), "silence", cue.last + 1)
        found = found if found is not None and found.frame in ("quote", "that") else None
    if found is None:
        return found
    return dataclasses.replace(found, content=within_clause(sentence, cue, found.content))


def within_clause(sentence: Sentence, cue: Cue, content: Tokens) -> Tokens:
    """Cut a content at the comma that ends its cue's clause: `When asked if ..., he declined`."""
    relative = sentence.tags[: cue.group_start].endswith("W")
    if not relative and not _is_subordinate(sentence, cue):
        return content
    first, end = content
    tags = sentence.tags
    finite = "XVA" if relative else "DMRLN"
    for k in range(first + 1, end):
        quoted = sentence.tokens[k - 1].quoted
        if relative and quoted[-1:] == "," and tags[k] in finite:
            return Tokens(first, k)
        if tags[k] == ",":
            return Tokens(first, k) if tags[k + 1 : k + 2] in tuple(finite) else content
    return content


def _is_subordinate(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether the cue stands in a clause before the main one: `When asked if ..., he`."""
    comma = sentence.tags.rfind(",", 0, cue.group_start)
    here = sentence.words[comma + 1 : cue.group_start]
    if comma > 0 and any(word in _SUBORDINATORS for word in here[:3]):
        return True
    opening = sentence.tags[: cue.group_start].lstrip(".CA")
    if not opening:
        return cue.form in ("participle", "past")
    if opening[0] == "I" and cue.form == "participle":
        return "," not in opening
    return opening[0] == "S" and sentence.words[0] != "that" and "," not in opening


_SUBORDINATORS = frozenset("when as while after before if although though because since".split())


def _complement(sentence: Sentence, cue: Cue) -> Complement | None:
    by = agent(sentence, cue)
    start = skip_adverbials(sentence, cue.last + 1 if by is None else by.end)
    if start >= sentence_end(sentence):
        return None
    for rule in (
        _behind_aside,
        _that,
        _marked_quotation,
        _addressed,
        _prepositional,
        _infinitive,
        _named,
        _plain,
    ):
        found = rule(sentence, cue, start)
        if found is not None:
            return found
    return None


def agent(sentence: Sentence, cue: Cue) -> Tokens | None:
    """Return who does what a passive tells: `was told by a guard that ...`, `asked by Kim`."""
    if cue.form != "past" or sentence.words[cue.last + 1 : cue.last + 2] != ("by",):
        return None
    if not cue.passive and sentence.tags[: cue.group_start][-1:] in ("R", "M", "T"):
        return None
    return phrase_after(sentence, cue.last + 2)


def _behind_aside(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match `said, while he left, that ...` and `says, if elected, he would ...`."""
    tags = sentence.tags
    comma = tags.find(",", start + 1, start + _SEARCH)
    if tags[start] != "," or comma < start + 2 or "clause" not in cue.verb.frames or cue.passive:
        return None
    if "Q" in tags[start:comma] or cue.verb.group != "say":
        return None
    if sentence.words[comma + 1 : comma + 2] == ("that",):
        return _clause(sentence, comma + 2, "that", cue.last + 1)
    conditional = sentence.words[start + 1] in ("if", "when", "while", "although", "though")
    if conditional and tags[comma + 1 : comma + 2] in tuple("DMRL"):
        end = clause_end(sentence, comma + 1)
        return Complement(Tokens(start + 1, end), "clause", cue.last + 1)
    return None


def _that(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match `that` and `whether`, also behind an adverbial or the person addressed."""
    frames = cue.verb.frames
    if not frames & {"clause", "that", "wh", "person", "quote"}:
        return None
    tags, words = sentence.tags, sentence.words
    wh = word_classes()["wh"]
    aside = tags[start] == "I" or "person" in frames
    for k in range(start, min(start + _SEARCH, len(tags))):
        if words[k] == "that" and k + 1 < len(tags) and tags[k + 1] not in ".:":
            relative = k > start and tags[k + 1] in "XV"
            if relative or not frames & {"clause", "that", "person"}:
                return None
            return _clause(sentence, k + 1 + (tags[k + 1] == ","), "that", cue.last + 1)
        asks = (k == start or "person" in frames) and frames & {"wh", "person"}
        if asks and words[k] in wh and tags[k] != ",":
            return _clause(sentence, k, "wh", cue.last + 1)
        if words[k] == "to" and k > start and "to" in frames and tags[k + 1 : k + 2] in ("L", "V"):
            return None
        written = words[k] == "written" and tags[k - 1] in "ID"
        if tags[k] == "," and k > start and "person" in frames:
            return _behind_name(sentence, cue, k)
        if (tags[k] in "XVQ:,;.-" and not written) or not aside:
            return None
    return None


def _behind_name(sentence: Sentence, cue: Cue, comma: int) -> Complement | None:
    """Match `that` behind the name of the person addressed: `his aide, Jon Poe, that ...`."""
    end = comma + 1
    while sentence.tags[end : end + 1] == "M":
        end += 1
    if comma + 1 < end and sentence.words[end : end + 2] == (",", "that"):
        return _clause(sentence, end + 2, "that", cue.last + 1)
    return None


def _clause(sentence: Sentence, start: int, frame: str, cue_end: int) -> Complement | None:
    end = clause_end(sentence, start)
    if end <= start:
        return None
    return Complement(Tokens(start, end), frame, cue_end)


def _marked_quotation(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match a quotation after a comma or colon, or right after the verb."""
    tags = sentence.tags
    if cue.passive or not cue.verb.frames & {"quote", "clause", "person", "wh", "call"}:
        return None
    for k in range(start, min(start + _SEARCH, len(tags) - 1)):
        if tags[k] in ":," and tags[k + 1] == "Q":
            return Complement(
                Tokens(k + 1, _run_of_quotations(sentence, k + 1)), "quote", cue.last + 1
            )
        if tags[k] in "XVQ;.-:":
            return None
    return None


def _run_of_quotations(sentence: Sentence, start: int) -> int:
    """Return the end of the clause that a quotation begins."""
    tags = sentence.tags
    if start + 1 >= sentence_end(sentence) or tags[start + 1] in ",.;-SWC(":
        return start + 1
    if sentence.words[start + 1].endswith("ing"):
        return start + 1
    return max(start + 1, clause_end(sentence, start))


def _addressed(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match what follows the person addressed: `told reporters he ...`, `accused Kim of ...`."""
    frames = cue.verb.frames
    if "person" not in frames:
        return None
    tags, words = sentence.tags, sentence.words
    if cue.passive:
        if tags[start] in "DMRL" and cue.verb.group != "accuse":
            return _clause(sentence, start, "clause", cue.last + 1)
        if words[start] in frames or (words[start] == "to" and "to" in frames):
            return _clause(sentence, start + (words[start] != "to"), words[start], cue.last + 1)
        return None
    person = phrase_after(sentence, start)
    if person is None:
        return None
    end = skip_adverbials(sentence, min(person.end, _addressee_end(sentence, start, person.end)))
    if sentence.words[person.end : person.end + 1] == ("to",) and "to" in frames:
        end = person.end
    if end >= sentence_end(sentence):
        return None
    if tags[end] == "X" and "clause" in frames:
        return _clause(sentence, start, "clause", cue.last + 1)
    if words[end] == "about" and tags[end + 1 : end + 2] == "N" and "clause" in frames:
        return _clause(sentence, end, "clause", cue.last + 1)
    if words[end] in frames:
        keeps_person = cue.verb.group == "accuse" or words[end] in ("to", "as")
        return _clause(sentence, start if keeps_person else end + 1, words[end], cue.last + 1)
    for k in range(end, min(end + 8, len(tags))):
        if words[k] in frames and cue.verb.group in ("accuse", "warn"):
            return _clause(sentence, start, words[k], cue.last + 1)
    if frames & {"clause"} and (tags[end] in "DMRLNQ" or words[end] == "there"):
        return _clause(sentence, end, "clause", cue.last + 1)
    return None


def _addressee_end(sentence: Sentence, start: int, end: int) -> int:
    """Return the end of the shortest noun phrase: pronoun, or name, or article and nouns."""
    tags = sentence.tags
    k = start
    if tags[k] in "ROD" and tags[k + 1 : k + 2] not in ("L", "M", "N"):
        return k + 1
    k += 1
    if tags[start] == "D" and k < end:
        k += 1
    while k < end and tags[k] == tags[k - 1]:
        k += 1
    while k < end and tags[k] == "L" and tags[k - 1] == "M":
        k += 1
    return k


def _prepositional(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match a preposition of the verb's frame: `warned of ...`, `spoke on Monday about ...`."""
    if cue.verb.forms[0] in _SPEAKING:
        for k in range(start, min(start + _ASIDE, sentence_end(sentence))):
            if sentence.words[k] == "about" or sentence.tags[k] not in "IDLMNAT":
                start = k if sentence.words[k] == "about" else start
                break
    word = sentence.words[start]
    if word in cue.verb.frames and sentence.tags[start] == "I" and word not in ("to", "as"):
        end = object_end(sentence, start + 1)
        if end > start + 1:
            return Complement(Tokens(start + 1, end), word, start + 1)
    return None


def _infinitive(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    anonymous = sentence.words[start + 1 : start + 2] == ("be",) and _NAMED & set(
        sentence.words[start + 2 : start + 3]
    )
    if sentence.words[start] == "to" and "to" in cue.verb.frames and not anonymous:
        found = _clause(sentence, start, "to", cue.last + 1)
        if found is None:
            return None
        end = infinitive_end(sentence, found.content)
        return dataclasses.replace(found, content=Tokens(found.content.first, end))
    return None


def infinitive_end(sentence: Sentence, content: Tokens) -> int:
    """Return where an infinitive ends before `and has said`, `, and Kim is ...`: finite verbs."""
    first, end = content
    tags, words = sentence.tags, sentence.words
    for k in range(first + 2, end - 1):
        if words[k] not in ("and", "but"):
            continue
        if words[k + 1] in _FINITE or (tags[k - 1] == "," and tags[k + 1] in "RDM"):
            return k - (tags[k - 1] == ",")
    return end


_NAMED = frozenset(["named", "identified", "quoted"])
_FINITE = frozenset("is are was were has had will would can could does did".split())


def _named(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match a thing and its description: `calling them ...`, `described the men as ...`."""
    frames = cue.verb.frames
    object_follows = sentence.tags[start] in "DMRLOQN" or sentence.words[start] in ("that", "what")
    if "call" in frames and object_follows and not _is_naming(sentence, cue, start):
        return _clause(sentence, start, "call", cue.last + 1)
    if "as" in frames and sentence.words[start] == "as" and _is_active(sentence, cue):
        return _clause(sentence, start, "as", cue.last + 1)
    if "as" in frames and not (cue.form == "past" and sentence.words[start] == "as"):
        stop = min(start + 25, len(sentence.words))
        for k in range(start, stop):
            if sentence.words[k] == "as":
                return _clause(sentence, start, "as", cue.last + 1)
            if sentence.tags[k] in ",;:.":
                break
    return None


def _is_naming(sentence: Sentence, cue: Cue, start: int) -> bool:
    """Tell `the exercise, called "Iron Spear", began`, which only gives a name."""
    names = sentence.tags[: cue.group_start][-1:] in (",", "L", "M") and cue.form == "past"
    return names and is_title(sentence.tokens[start].quoted, least=1)


def _is_active(sentence: Sentence, cue: Cue) -> bool:
    """Tell `what he described as` and `Kim rejected as false the ...` from a participle."""
    if cue.passive:
        return False
    before = sentence.words[max(0, cue.group_start - 8) : cue.group_start]
    relative = any(word in ("what", "which", "that") for word in before)
    return relative or not set("XVSW") & set(sentence.tags[: cue.group_start])


def _plain(sentence: Sentence, cue: Cue, start: int) -> Complement | None:
    """Match a clause without `that`, or a noun phrase as object."""
    frames, tags = cue.verb.frames, sentence.tags
    if cue.passive:
        return None
    if (
        tags[start] == "Q"
        and not is_title(sentence.tokens[start].quoted)
        and frames & {"quote", "clause", "obj", "as", "call"}
        and cue.verb.forms[0] not in _GOING_ON
    ):
        end = _run_of_quotations(sentence, start)
        return Complement(Tokens(start, end), "quote", cue.last + 1)
    if "number" in frames and "N" in tags[start : start + 4]:
        return _clause(sentence, start, "number", cue.last + 1)
    if "person" in frames and "obj" not in frames:
        return None
    if "clause" in frames and _has_gap(sentence, cue, start):
        return _clause(sentence, start, "gap", cue.last + 1)
    if "clause" in frames and (tags[start] in "DMRLN" or sentence.words[start] in _CLAUSE_OPENERS):
        found = _clause(sentence, start, "clause", cue.last + 1)
        says = cue.verb.forms[0] == "say" and sentence_end(sentence) > start + 3
        if found is not None and (says or _is_clause(sentence, found.content)):
            return found
    denies = cue.verb.group in ("decline", "deny")
    gerund = denies and (tags[start] == "V" or sentence.words[start] in ("what", "having"))
    if "obj" in frames and (gerund or tags[start] in "DMRLNO"):
        whole = cue.verb.group in ("decline", "answer")
        end = clause_end(sentence, start) if whole else object_end(sentence, start)
        if end > start:
            return Complement(Tokens(start, end), "obj", cue.last + 1)
    return None


def _has_gap(sentence: Sentence, cue: Cue, start: int) -> bool:
    """Tell whether a verb follows without its subject: `which he said had grown`."""
    tags = sentence.tags
    if tags[start] in "XV" and cue.verb.group == "say":
        return True
    opened = max(tags.rfind("W", 0, cue.group_start), _last_what(sentence, cue.group_start))
    asks = 0 <= cue.group_start - opened - 1 <= _ASIDE and opened >= 0
    between = tags[opened + 1 : cue.group_start]
    return asks and bool(between) and not set(between) & set("VX,;:Q") and tags[start] in "XV"


def _last_what(sentence: Sentence, end: int) -> int:
    for k in range(end - 1, max(-1, end - _ASIDE), -1):
        if sentence.words[k] in ("what", "that"):
            return k
    return -1


_SPEAKING = frozenset(["speak", "talk", "joke", "complain", "ask", "write", "tweet"])
_ASIDE = 12  # tokens between these verbs and `about`
_GOING_ON = frozenset(["begin", "continue"])  # `begin "building bridges"` is no report
_CLAUSE_OPENERS = frozenset(
    "there if when in after at on under for up around about over only nearly".split()
)


def _is_clause(sentence: Sentence, content: Tokens) -> bool:
    """Tell a clause from a noun phrase: a subject and a verb that may be finite."""
    tags, words = sentence.tags, sentence.words
    first, end = content
    relative = tags.find("W", first, end)
    stop = relative if relative > first else end
    if tags[stop - 1 : stop] == "," and "," in tags[stop:end]:
        # `the pipe, which is old, leaks`
        behind = tags.index(",", stop) + 1
        return tags[behind : behind + 1] in tuple("XVQ") and behind < end
    if tags[first] == "R" and words[first] not in ("many", "some", "all", "both", "most", "few"):
        return end > first + 1
    for k in range(first + 1, min(stop, first + 25)):
        if tags[k] == "Q" and not is_title(sentence.tokens[k].quoted):
            return True
        if tags[k] == "X" or (tags[k] == "V" and not words[k].endswith("ing")):
            return True
        if tags[k] in "L" and tags[k - 1] in "LMN" and words[k].endswith(("ed", "es")):
            return True
    return False
