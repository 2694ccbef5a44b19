"""Names of one actor are joined, names of two are not, and every merge can be undone."""

from collections import Counter
from pathlib import Path

import pytest

from stance.aliases import Actor, AliasError, Name, is_named, merge_names, read_aliases

R, K, U = "Russia", "North Korea", "United States"


def merged(*names: Name, apart: Path | None = None, aliases: Path | None = None) -> list[Actor]:
    """Return the actors of names, each used once."""
    table = read_aliases([aliases] if aliases else [], [apart] if apart else [])
    return list(dict.fromkeys(merge_names(Counter(names), table).values()))


@pytest.mark.parametrize(
    ("names", "shown", "reason"),
    [
        ([Name("Vasily Nebenzya", R), Name("Vassily Nebenzia", R)], "Vasily Nebenzya", "table"),
        ([Name("Kim Jong Un", K), Name("Kim Jong-un", K)], "Kim Jong Un", "same name"),
        ([Name("the Pentagon", U), Name("the U.S. Department of Defense", U)], "Pentagon", "table"),
        ([Name("Andrej Maslow", R), Name("Andrei Maslov", R)], "Andrej Maslow", "spelling: 2 let"),
        ([Name("Ivan Maslow", R), Name("Maslov", R)], "Ivan Maslow", "surname"),
        ([Name("the Harbour Office", R), Name("The harbour office", R)], None, "same name"),
        ([Name("José Núñez", U), Name("Jose Nunez", U)], "José Núñez", "same name"),
        ([Name("Harbor Ministry", U), Name("Harbour Ministry", U)], None, "spelling: one letter"),
    ],
)
def test_one_actor(names: list[Name], shown: str | None, reason: str) -> None:
    """Aliases, spellings and lone surnames of one side are one actor, with the reason told."""
    [actor] = merged(*names)
    assert shown is None or actor.name == shown
    [merge] = actor.merges
    assert reason in merge.reason


@pytest.mark.parametrize(
    "names",
    [
        [Name("Kim Song", K), Name("Kim Sung", K)],
        [Name("Ivan Petrov", R), Name("Anna Petrova", R)],
        [Name("Alexander Petrov", R), Name("Alexandra Petrova", R)],
        [Name("Andrei Maslov", R), Name("Andrej Maslow", U)],
        [Name("Ivan Maslov", R), Name("Pyotr Maslov", R), Name("Maslov", R)],
        [Name("Central Bank of Russia", R), Name("Russia", R)],
        [Name("George Washington", U), Name("Washington", U)],
        [Name("Maslov", R), Name("Ivan Maslov", None)],
        [Name("the 810th Brigade", R), Name("the 155th Brigade", R)],
        [Name("a harbour pilot", R), Name("a harbor pilot", R)],
        [Name("Kim Jong Un", K), Name("Kim Yo Jong", K)],
    ],
)
def test_two_actors(names: list[Name]) -> None:
    """Short words, another gender, another side, or two who share a surname keep names apart."""
    assert len(merged(*names)) == len(names)


def test_a_name_without_a_side_joins_the_only_one() -> None:
    """A name without affiliation is the one actor of that name, and alone between two."""
    assert len(merged(Name("Ivan Maslov", R), Name("Ivan Maslov"))) == 1
    assert len(merged(Name("Ivan Maslov", R), Name("Ivan Maslov", U), Name("Ivan Maslov"))) == 3


def test_every_merge_can_be_undone(tmp_path: Path) -> None:
    """The line that a merge names keeps its names apart, whichever way they came together."""
    names = [
        Name("Vasily Nebenzya", R),
        Name("Vassily Nebenzia", R),
        Name("Andrei Maslov", R),
        Name("Andrej Maslow", R),
        Name("Andrej Maslov", R),
        Name("Kim Jong-un", K),
        Name("Kim Jong Un", K),
    ]
    joined = merged(*names)
    assert len(joined) == 3
    apart = tmp_path / "apart.txt"
    merges = [merge for actor in joined for merge in actor.merges]
    apart.write_text("".join(f"{merge.undo}\n" for merge in merges))
    for actor in merged(*names, apart=apart):
        for merge in merges:
            assert not {merge.first, merge.second} <= set(actor.names)


def test_an_own_table(tmp_path: Path) -> None:
    """A file of aliases joins what the shipped one does not, and names the actor."""
    file = tmp_path / "aliases.txt"
    file.write_text("# ours\nHarbour Office = HMO; the Port Authority\n")
    [actor] = merged(Name("HMO", R), Name("Port Authority", R), aliases=file)
    assert actor.name == "Harbour Office"


@pytest.mark.parametrize("line", ["Ivan Petrov", "= X", "X =", "A = ;", "... = X"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    """A line that joins nothing is told with its file and number."""
    file = tmp_path / "aliases.txt"
    file.write_text(f"A = B\n{line}\n")
    with pytest.raises(AliasError, match=r"aliases\.txt:2: expected"):
        read_aliases([file])


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    """A file that is not there is an error, not an empty table."""
    with pytest.raises(AliasError, match="cannot be read: No such file"):
        read_aliases(apart=[tmp_path / "none.txt"])


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Ivan Petrov", True),
        ("the Pentagon", True),
        ("South Korea's spy agency", True),
        ("a Ukrainian official", False),
        ("Some diplomats", False),
        ("experts", False),
        ("the intelligence service", False),
        ("", False),
    ],
)
def test_is_named(name: str, named: bool) -> None:
    """An actor is one certain person or body, not somebody of a kind."""
    assert is_named(name) is named
