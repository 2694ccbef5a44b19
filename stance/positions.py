"""Who took which position when: labelled statements put together by actor and day."""

import collections
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from stance.aliases import Actor, AliasTable, Merge, Name, merge_names
from stance.gathering import Dated
from stance.published import Published
from stance.records import Article, Evidence, Prediction, Stance
from stance.repeats import Said, group_repeats

_LONGEST = 4000  # characters of a text that are kept
_UNKNOWN_SIDE = "no affiliation told"

Analyse = Callable[[Article], Sequence[Prediction]]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled statement of one article, as much of it as a report shows."""

    article: str
    title: str | None
    file: str
    published: Published
    speaker: str | None
    role: str | None
    affiliation: str | None
    stance: Stance
    probability: float
    needs_review: bool
    text: str
    context: str | None
    question: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article of a report: when it appeared, and how many statements were found in it."""

    id: str
    title: str | None
    file: str
    published: Published
    statements: int
    unrelated: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read: the statements that take a position, and the articles."""

    rows: tuple[Row, ...]
    articles: tuple[ArticleLine, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement of an actor, with its repeats in order of their days; the first stands for all.

    `number` is its place in the report, from 1.
    """

    number: int
    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """Return the earliest of the repeats."""
        return self.rows[0]

    @property
    def day(self) -> str | None:
        """Return the day of the earliest repeat, None where no article tells one."""
        return self.first.published.day

    @property
    def labels_differ(self) -> bool:
        """Tell whether repeats of this statement got different labels."""
        return len({row.stance for row in self.rows}) > 1

    @property
    def for_review(self) -> bool:
        """Tell whether a person should look at the label."""
        return self.first.needs_review or self.labels_differ


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of days on which an actor's position was the same; `sure` where not for review."""

    stances: tuple[Stance, ...]
    first: str
    last: str
    sure: bool


@dataclass(frozen=True, slots=True)
class ActorLine:
    """One actor of the report: the statements in order of days, and the phases of the position."""

    number: int
    actor: Actor
    roles: tuple[str, ...]
    quotes: tuple[Quote, ...]
    phases: tuple[Phase, ...]

    @property
    def changed(self) -> bool:
        """Tell whether the position changed from one known day to another."""
        return len(self.phases) > 1


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report shows; `sides` holds the actors by affiliation, the most quoted first.

    `days` are those on which an actor said something, in order; the last may be unknown.
    """

    sides: tuple[tuple[str, tuple[ActorLine, ...]], ...]
    speakerless: tuple[Quote, ...]
    merges: tuple[tuple[Actor, Merge], ...]
    articles: tuple[ArticleLine, ...]
    days: tuple[str | None, ...]

    @property
    def actors(self) -> list[ActorLine]:
        """Return the actors in the order of the report."""
        return [line for _, lines in self.sides for line in lines]

    @property
    def quotes(self) -> list[Quote]:
        """Return all quotes, those without a speaker last."""
        return [*(quote for line in self.actors for quote in line.quotes), *self.speakerless]


def collect(articles: Iterable[Dated], analyse: Analyse) -> Collected:
    """Read and label articles one after the other; only what the report shows is kept of each."""
    rows: list[Row] = []
    lines = []
    for dated in articles:
        predictions = analyse(dated.article)
        related = [p for p in predictions if p.stance is not Stance.UNRELATED]
        rows += (_row(dated, prediction) for prediction in related)
        found = len(predictions)
        lines.append(
            ArticleLine(
                dated.article.id,
                dated.title,
                dated.file,
                dated.published,
                found,
                found - len(related),
            )
        )
    return Collected(tuple(rows), tuple(lines))


def build(collected: Collected, table: AliasTable) -> Report:
    """Put the statements together by actor, merge repeats, and find the changes of position."""
    spoken = [row for row in collected.rows if row.speaker]
    actor_of = merge_names(
        collections.Counter(Name(str(r.speaker), r.affiliation) for r in spoken), table
    )
    actors = list(dict.fromkeys(actor_of.values()))
    keys = {actor: str(n) for n, actor in enumerate(actors)}
    by_actor: dict[Actor, list[list[Row]]] = collections.defaultdict(list)
    named = [(actor_of[Name(str(r.speaker), r.affiliation)], r) for r in spoken]
    for group in group_repeats([Said(keys[a], r.text, r.published.day) for a, r in named]):
        by_actor[named[group[0]][0]].append([named[n][1] for n in group])
    silent = [row for row in collected.rows if not row.speaker]
    alone = [
        [silent[n] for n in group]
        for group in group_repeats([Said("", r.text, r.published.day) for r in silent])
    ]
    sides = tuple(_sides(by_actor))
    first = 1 + sum(len(line.quotes) for _, lines in sides for line in lines)
    speakerless = tuple(_quotes(alone, first))
    days = {quote.day for _, lines in sides for line in lines for quote in line.quotes}
    return Report(
        sides,
        speakerless,
        tuple((actor, merge) for actor in actors for merge in actor.merges),
        collected.articles,
        tuple(sorted(days, key=day_order)),
    )


def day_order(day: str | None) -> tuple[int, str]:
    """Order days: those with a year, those without, the unknown one."""
    return (2, "") if day is None else (1, day) if day.startswith("--") else (0, day)


def phases_of(quotes: Sequence[Quote]) -> Iterator[Phase]:
    """Yield the phases of a position over the days whose year is known.

    The position of a day is what its statements commit to; evasion counts where nothing else does.
    """
    by_day = collections.defaultdict(list)
    for quote in quotes:
        if quote.day is not None and not quote.day.startswith("--"):
            by_day[quote.day].append(quote)
    open_phase: Phase | None = None
    for day in sorted(by_day):
        stances = _position(by_day[day])
        sure = all(
            any(q.first.stance is stance and not q.for_review for q in by_day[day])
            for stance in stances
        )
        if open_phase is not None and open_phase.stances == stances:
            sure = sure or open_phase.sure
            open_phase = dataclasses.replace(open_phase, last=day, sure=sure)
            continue
        if open_phase is not None:
            yield open_phase
        open_phase = Phase(stances, day, day, sure)
    if open_phase is not None:
        yield open_phase


def _position(quotes: Sequence[Quote]) -> tuple[Stance, ...]:
    stances = {quote.first.stance for quote in quotes}
    committed = tuple(s for s in (Stance.CONFIRM, Stance.DENY) if s in stances)
    return committed or (Stance.EVADE,)


def _row(dated: Dated, prediction: Prediction) -> Row:
    source = prediction.source
    return Row(
        article=dated.article.id,
        title=dated.title,
        file=dated.file,
        published=dated.published,
        speaker=_cut(source.speaker) if source else None,
        role=_cut(source.role) if source else None,
        affiliation=_cut(source.affiliation) if source else None,
        stance=prediction.stance,
        probability=prediction.probability,
        needs_review=prediction.needs_review,
        text=str(_cut(prediction.text)),
        context=_cut(prediction.context),
        question=_cut(prediction.question),
        evidence=tuple(e for e in prediction.evidence if e.weight > 0 and e.end < _LONGEST),
    )


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _sides(
    by_actor: dict[Actor, list[list[Row]]],
) -> Iterator[tuple[str, tuple[ActorLine, ...]]]:
    """Yield the actors by side, numbered as they stand on the page."""
    by_side: dict[str, list[Actor]] = collections.defaultdict(list)
    names: dict[frozenset[str], str] = {}
    for actor in by_actor:
        side = actor.affiliation or _UNKNOWN_SIDE
        # "South Korea and United States" is the same side in the other order.
        parts = frozenset(side.split(" and "))
        by_side[names.setdefault(parts, side)].append(actor)
    sizes = {side: sum(len(by_actor[a]) for a in actors) for side, actors in by_side.items()}
    number, quoted = 1, 1
    for side in sorted(by_side, key=lambda s: (s == _UNKNOWN_SIDE, -sizes[s], s)):
        lines = []
        # Unnamed sources come last: they may be many people.
        for actor in sorted(by_side[side], key=lambda a: (not a.named, -len(by_actor[a]), a.name)):
            quotes = tuple(_quotes(by_actor[actor], quoted))
            lines.append(_line(actor, number, quotes))
            number, quoted = number + 1, quoted + len(quotes)
        yield side, tuple(lines)


def _line(actor: Actor, number: int, quotes: tuple[Quote, ...]) -> ActorLine:
    roles = collections.Counter(row.role for quote in quotes for row in quote.rows if row.role)
    ordered = sorted(roles, key=lambda role: (-roles[role], role))
    phases = tuple(phases_of(quotes)) if actor.named else ()
    return ActorLine(number, actor, tuple(ordered), quotes, phases)


def _quotes(groups: Iterable[list[Row]], first: int) -> Iterator[Quote]:
    """Yield quotes in order of their days, repeats in order of theirs."""
    ordered = [
        sorted(group, key=lambda row: (day_order(row.published.day), -row.probability))
        for group in groups
    ]
    ordered.sort(key=lambda group: day_order(group[0].published.day))
    for number, group in enumerate(ordered, first):
        yield Quote(number, tuple(group))
