"""Which names are one actor: a table of aliases, spelling distance, and what keeps them apart."""

import collections
import functools
import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import OSA

from stance import jsonl
from stance.places import find_places
from stance.records import StanceError
from stance.text import word_list

_FUNCTION_WORDS = frozenset("a an and at by for from in of on or the to with".split())
_INDEFINITE = frozenset("a an another any both few many more most one other several some".split())
_SEPARATORS = str.maketrans(
    {"-": " ", "‐": " ", "‑": " ", ".": None, "’": None, "'": None, ",": " "}
)
_LONG, _LONGER = 5, 9  # letters from which a word may differ in one, in two


class AliasError(StanceError):
    """A table of names that cannot be read."""


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name as articles give it, and the side it speaks for."""

    text: str
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Two names that are taken for one actor, and why; `undo` is the line that keeps them apart."""

    first: Name
    second: Name
    reason: str

    @property
    def undo(self) -> str:
        """Return the line of a file for `--apart` that undoes this merge."""
        return f"{self.first.text} = {self.second.text}"


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor: the name to show, the side, all names of it, and the merges that made it."""

    name: str
    affiliation: str | None
    names: tuple[Name, ...]
    merges: tuple[Merge, ...]

    @property
    def named(self) -> bool:
        """Tell whether this is one certain actor, not `a Ukrainian official` or `experts`."""
        return is_named(self.name)


@dataclass(frozen=True, slots=True)
class AliasTable:
    """The name to show for each alias in normal form, and pairs that are never one.

    Pairs are in normal form; those that have one normal form stand as they are written.
    """

    shown: Mapping[str, str]
    apart: frozenset[frozenset[str]] = frozenset()


def normal(name: str) -> str:
    """Return a name in lower case without accents, hyphens, full stops and a leading article."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_SEPARATORS))
    words = "".join(c for c in letters if not unicodedata.combining(c)).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def is_named(name: str) -> bool:
    """Tell whether a name is that of one certain actor: it has a capital where names have one."""
    words = name.split()
    if words and words[0].lower() == "the":
        words = words[1:]
    if not words or words[0].lower() in _INDEFINITE:
        return False
    return not words[0][0].islower()


def read_aliases(tables: Sequence[Path] = (), apart: Sequence[Path] = ()) -> AliasTable:
    """Return the shipped table with those of files; later lines win.

    Raise AliasError naming file and line where a line is none.
    """
    shown: dict[str, str] = {}
    lines = [(f"aliases.txt:{n}", line) for n, line in enumerate(word_list("aliases"), 1)]
    for where, line in [*lines, *_lines_of(tables)]:
        names = _names(where, line)
        shown |= {normal(alias): names[0] for alias in names}
    pairs = [_names(where, line) for where, line in _lines_of(apart)]
    never = (_pair(*two) for names in pairs for two in itertools.combinations(names, 2))
    return AliasTable(shown, frozenset(pair for pair in never if len(pair) == 2))


def _pair(first: str, second: str) -> frozenset[str]:
    forms = frozenset((normal(first), normal(second)))
    return forms if len(forms) == 2 else frozenset((first, second))


def merge_names(counts: Mapping[Name, int], table: AliasTable) -> dict[Name, Actor]:
    """Return the actor of each name; `counts` tells how often each is used."""
    names = sorted(counts, key=lambda name: (-counts[name], name.text, name.affiliation or ""))
    clusters = _Clusters(table)
    for merge in itertools.chain(
        _same(names), _by_table(names, table), _by_spelling(names), _by_surname(names)
    ):
        clusters.join(merge)
    actors: dict[Name, Actor] = {}
    for members, merges in clusters.found(names):
        actor = _actor(members, merges, table, counts)
        actors |= dict.fromkeys(members, actor)
    return actors


class _Clusters:
    """Names that were joined; a pair that is to stay apart is never in one cluster."""

    def __init__(self, table: AliasTable) -> None:
        self._table = table
        self._members: dict[Name, list[Name]] = {}
        self._merges: dict[Name, list[Merge]] = {}
        self._root: dict[Name, Name] = {}

    def join(self, merge: Merge) -> None:
        """Join the clusters of two names unless names in them are to stay apart."""
        first, second = (self._of(name) for name in (merge.first, merge.second))
        if first == second or self._are_apart(first, second):
            return
        # The smaller goes into the larger, so that joining stays almost linear.
        if len(self._members[first]) < len(self._members[second]):
            first, second = second, first
        for name in self._members[second]:
            self._root[name] = first
        self._members[first] += self._members.pop(second)
        self._merges[first] += [*self._merges.pop(second), merge]

    def found(self, names: Iterable[Name]) -> Iterator[tuple[list[Name], list[Merge]]]:
        """Yield each cluster with its merges, in order of the first name of it."""
        for root in dict.fromkeys(map(self._of, names)):
            yield self._members[root], self._merges[root]

    def _of(self, name: Name) -> Name:
        if name not in self._root:
            self._root[name] = name
            self._members[name], self._merges[name] = [name], []
        return self._root[name]

    def _are_apart(self, first: Name, second: Name) -> bool:
        if not self._table.apart:
            return False
        left, right = ({n.text for n in self._members[root]} for root in (first, second))
        return any(_pair(a, b) in self._table.apart for a in left for b in right)


def _same(names: Sequence[Name]) -> Iterator[Merge]:
    """Join what differs in case, hyphens, accents or article only, of one side or of none told."""
    by_form = collections.defaultdict(list)
    for name in names:
        by_form[normal(name.text)].append(name)
    for alike in by_form.values():
        sided = [name for name in alike if name.affiliation]
        for name in alike:
            first = next((n for n in sided if n.affiliation == name.affiliation), None)
            # Without a side it may be either of two namesakes; then it stays alone.
            if name.affiliation is None and len({n.affiliation for n in sided}) <= 1:
                first = (sided or alike)[0]
            if first is not None and first != name:
                yield Merge(first, name, "the same name, written alike")


def _by_table(names: Sequence[Name], table: AliasTable) -> Iterator[Merge]:
    first_of: dict[str, Name] = {}
    for name in names:
        if (shown := table.shown.get(normal(name.text))) is not None:
            first = first_of.setdefault(shown, name)
            if first != name:
                yield Merge(first, name, f"table of aliases: {shown}")


def _by_spelling(names: Sequence[Name]) -> Iterator[Merge]:
    """Join names of one side whose words differ in a letter or two."""
    blocks = collections.defaultdict(list)
    for name in names:
        words = normal(name.text).split()
        if len(words) > 1 and name.affiliation and is_named(name.text):
            initials = "".join(word[0] for word in words)
            blocks[name.affiliation.casefold(), initials].append((name, words))
    for block in blocks.values():
        for (first, left), (second, right) in itertools.combinations(block, 2):
            if left != right and all(map(_near, left, right)):
                distance = OSA.distance(" ".join(left), " ".join(right))
                letters = "one letter" if distance == 1 else f"{distance} letters"
                yield Merge(first, second, f"spelling: {letters} apart, both {first.affiliation}")


def _by_surname(names: Sequence[Name]) -> Iterator[Merge]:
    """Join a surname that stands alone to the one actor of that side who has it."""
    full = collections.defaultdict(list)
    for name in names:
        words = normal(name.text).split()
        plain = 2 <= len(words) <= 3 and not _FUNCTION_WORDS & set(words)
        if plain and name.affiliation and is_named(name.text):
            full[name.affiliation, words[-1][0]].append((name, words))
    for name in names:
        word = normal(name.text)
        if " " in word or len(word) < 4 or not name.affiliation or find_places([name.text]):
            continue
        options = [n for n, words in full[name.affiliation, word[0]] if _near(words[-1], word)]
        if len(options) == 1 and is_named(name.text):
            yield Merge(options[0], name, f"surname, the only one of {name.affiliation}")


@functools.lru_cache(100_000)
def _near(first: str, second: str) -> bool:
    """Tell whether two words are spellings of one; short words must be equal."""
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if first[0] != second[0] or len(shorter) < _LONG or not (first + second).isalpha():
        return False
    # Petrov and Petrova are two persons.
    if longer == shorter + "a":
        return False
    allowed = 2 if len(shorter) >= _LONGER else 1
    return OSA.distance(first, second, score_cutoff=allowed) <= allowed


def _actor(
    members: Sequence[Name],
    merges: Sequence[Merge],
    table: AliasTable,
    counts: Mapping[Name, int],
) -> Actor:
    told = [table.shown[form] for name in members if (form := normal(name.text)) in table.shown]
    usage: collections.Counter[str] = collections.Counter()
    sides: collections.Counter[str] = collections.Counter()
    for name in members:
        usage[name.text] += counts[name]
        if name.affiliation:
            sides[name.affiliation] += counts[name]
    # A full name says more than a surname, however often the surname is used.
    best = max(usage, key=lambda text: (len(text.split()) > 1, usage[text], len(text), text))
    side = max(sides, key=lambda text: (sides[text], text), default=None)
    visible = tuple(merge for merge in merges if merge.first.text != merge.second.text)
    ordered = tuple(sorted(members, key=lambda name: (name.text, name.affiliation or "")))
    return Actor(told[0] if merges and told else best, side, ordered, visible)


def _lines_of(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        try:
            text = jsonl.decode(file.read_bytes(), str(file))
        except (OSError, jsonl.FileFault) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise AliasError(f"{file}: cannot be read: {reason}") from None
        for number, line in enumerate(text.splitlines(), 1):
            if body := line.split("#", 1)[0].strip():
                yield f"{file}:{number}", body


def _names(where: str, line: str) -> list[str]:
    shown, equals, others = line.partition("=")
    names = [name.strip() for name in (shown, *others.split(";")) if name.strip()]
    if not equals or len(names) < 2 or any(not normal(name) for name in names):
        raise AliasError(f"{where}: expected `NAME = OTHER NAME; ...`, got: {line[:80]}")
    return names
