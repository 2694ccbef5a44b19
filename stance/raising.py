"""Reports of nobody's in which what is reported comes first: `Kim is expected to resign`."""

from stance.clauses import clause_end, object_end
from stance.complements import agent, infinitive_end, within_clause
from stance.cues import Cue
from stance.grammar import Sentence
from stance.insertions import Report
from stance.phrases import Tokens, sentence_end, skip_adverbials, subject

_APPEARING = frozenset(["seem", "appear"])
# In the passive voice, what may follow these; "" is a noun phrase or an adjective.
_TO = frozenset(
    "expect believe think say know consider report see view presume predict project allege "
    "estimate deem understand assume intend feel find".split()
)
_AS = frozenset(
    "see view regard describe know perceive portray hail identify cite consider list characterize "
    "cast paint tout mention label brand depict".split()
)
_BLAME = frozenset(["for", "of", "over", "as"])
_BARE = frozenset(["call", "deem", "consider", "dub", "label"])


def raised(sentence: Sentence, cue: Cue) -> Report | None:
    """Match `X is said to ...`, `X is seen as ...`, `X seems ...`: the subject is what is said."""
    name = cue.verb.forms[0]
    if cue.infinitive or cue.verb.particle or not (cue.passive or name in _APPEARING):
        return None
    about = subject(sentence, cue)
    by = agent(sentence, cue)
    start = skip_adverbials(sentence, cue.last + 1 if by is None else by.end)
    if about is None or start >= sentence_end(sentence) or sentence.words[about.first] == "it":
        return None
    content = _predicate(sentence, name, start)
    blamed = sentence.words[start] in _BLAME & cue.verb.frames
    if content is None and (blamed or (name == "know" and sentence.words[start] == "for")):
        content = Tokens(start, object_end(sentence, start + 1))
    if content is None:
        return None
    content = within_clause(sentence, cue, content)
    if sentence.tags[cue.group_start - 1 : cue.group_start] == "W":
        about = Tokens(cue.group_start - 1, cue.group_start)
    cue_end = cue.last + 1 if content.first == start else start + 1
    return Report((about, content), "raised", Tokens(cue.group_start, cue_end), by)


def _predicate(sentence: Sentence, name: str, start: int) -> Tokens | None:
    """Return what is said of the subject: an infinitive, or what it seems or is called."""
    tags, words = sentence.tags, sentence.words
    end = clause_end(sentence, start)
    if words[start] == "to" and (name in _TO or name in _APPEARING):
        return Tokens(start, infinitive_end(sentence, Tokens(start, end)))
    if words[start] in ("as", "like") and (name in _AS or name in _APPEARING):
        return Tokens(start + 1, end) if end > start + 1 else None
    if tags[start] in "DQLN" and (name in _BARE or name == "seem") and end > start:
        return Tokens(start, end)
    return None
