"""What the tests of finding share."""

from stance.quotation import find_statements
from stance.records import Article, Statement


def found(text: str) -> list[Statement]:
    """Return the statements of a text."""
    return find_statements(Article("a", text))
