"""Reports without a verb: `According to Kim, ...`, `In a poll, ...`, `..., in his view`."""

from collections.abc import Iterator

from stance.clauses import clause_end
from stance.grammar import Sentence, word_classes
from stance.insertions import Report, content_before, resumption
from stance.phrases import Tokens, phrase_after, phrase_before, sentence_end

_POLLS = frozenset("poll polls survey surveys tally".split())
_VIEWS = frozenset("view opinion words judgment judgement estimation telling".split())
_VIEW = 8  # tokens that `in ...'s view` may have


def standpoints(sentence: Sentence) -> Iterator[Report]:
    """Yield what a sentence reports by a phrase that names whose standpoint it is."""
    yield from according_to(sentence)
    yield from _in_polls(sentence)
    yield from _in_views(sentence)


def _in_polls(sentence: Sentence) -> Iterator[Report]:
    """Match `In a poll published on Monday, ...`."""
    tags, words = sentence.tags, sentence.words
    first = len(tags) - len(tags.lstrip(".CA"))
    comma = tags.find(",", first, first + 20)
    if words[first : first + 1] != ("in",) or comma < 0 or not _POLLS & set(words[first:comma]):
        return
    content = Tokens(comma + 1, clause_end(sentence, comma + 1))
    if set("XV") & set(tags[slice(*content)]) and "V" not in tags[first:comma]:
        yield Report((content,), "standpoint", Tokens(first, first + 1), Tokens(first + 1, comma))


def _in_views(sentence: Sentence) -> Iterator[Report]:
    """Match `In his view, ...`, `..., in the view of ...` by whose view it is."""
    words, tags = sentence.words, sentence.tags
    for k in range(len(words) - 2):
        end = _view_end(sentence, k) if words[k] == "in" else None
        if end is None:
            continue
        mention = _viewer(sentence, k, end)
        opening = tags[:k].strip(".,;:-CA(")
        pieces = [content_before(sentence, k)] if opening else []
        if tags[end : end + 1] == ",":
            pieces.append(Tokens(end + 1, sentence_end(sentence)))
        pieces = [piece for piece in pieces if piece.end > piece.first]
        if mention is not None and pieces:
            yield Report(tuple(pieces), "standpoint", Tokens(k, end), mention)


def _view_end(sentence: Sentence, start: int) -> int | None:
    """Return where `in ... view` ends, with a comma or the sentence's end behind it."""
    for k in range(start + 1, min(start + _VIEW, len(sentence.words))):
        if sentence.words[k] in _VIEWS:
            following = sentence.tags[k + 1 : k + 2]
            return k + 1 if following in ("", ",", ".") else None
        if sentence.tags[k] not in "DLM":
            return None
    return None


def _viewer(sentence: Sentence, start: int, end: int) -> Tokens | None:
    """Return the possessive in a view: `his`, `the envoy's`."""
    if sentence.words[start + 1] in word_classes()["possessive"]:
        return Tokens(start + 1, start + 2)
    for k in range(end - 1, start, -1):
        if sentence.words[k].endswith(("'s", "s'")):
            owner = phrase_before(sentence, k + 1)
            return owner and Tokens(max(owner.first, start + 1), owner.end)
    return None


def according_to(sentence: Sentence) -> Iterator[Report]:
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
            resumed = resumption(sentence, mention.end)
            content = content_before(sentence, k)
            goes_on = resumed is not None and tags[resumed.first] in "XC"
            pieces = [content, resumed] if resumed and goes_on else [content]
        else:
            comma = tags.find(",", mention.end)
            pieces = [Tokens(comma + 1, sentence_end(sentence))] if comma >= 0 else []
        if pieces and pieces[0].end > pieces[0].first:
            yield Report(tuple(pieces), "according to", Tokens(k, k + 2), mention)
