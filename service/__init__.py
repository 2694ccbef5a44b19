"""The HTTP service of the stance classifier."""

from service.app import create_app

__all__ = ["create_app"]
