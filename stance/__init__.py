"""Find who said what in news articles, and whether it confirms, denies or evades one claim."""

__version__ = "0.1.0"
