"""Who may ask: keys, what they are needed for, and that no other site asks in a reader's name."""

import base64
import binascii
import hmac
import ipaddress
from urllib.parse import urlsplit

from flask import Flask, request

from service.problems import Problem
from service.settings import SettingError, Settings

# What is sent to these is stored; what the queue shows was sent by others.
_GUARDED = frozenset({("POST", "/annotations"), ("POST", "/review/undo"), ("GET", "/review")})
_PAGES = frozenset({"/", "/review", "/about"})


def register(app: Flask, settings: Settings) -> None:
    """Ask for a key where the settings say so; `/health` is open always.

    What the page itself is made of (`/static`) holds nothing of anybody, and is open too.
    """
    keys = [key.encode() for key in settings.keys]

    @app.before_request
    def _check() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and _is_cross_site():
            raise Problem(403, "another site may not send this in a reader's name")
        if keys and _is_protected(settings.protect) and not _has_key(keys):
            # Browsers ask for a password where the answer to a page says Basic.
            scheme = "Basic" if request.path in _PAGES else "Bearer"
            charset = ', charset="UTF-8"' if scheme == "Basic" else ""
            raise Problem(
                401,
                "a key is needed: send it as Authorization: Bearer KEY, or as X-API-Key",
                headers={"WWW-Authenticate": f'{scheme} realm="stance"{charset}'},
            )


def check_exposure(host: str, settings: Settings) -> None:
    """Raise SettingError where others than this machine could write without a key."""
    if settings.keys or _is_loopback(host):
        return
    raise SettingError(
        f"{host or 'every address'} can be reached from elsewhere, and no key is set: set"
        " STANCE_API_KEY (and STANCE_PROTECT=all to guard every route), or serve on 127.0.0.1"
    )


def _is_protected(protect: str) -> bool:
    if protect == "all":
        return request.path != "/health" and request.endpoint != "page.static"
    method = "GET" if request.method == "HEAD" else request.method
    return (method, request.path) in _GUARDED


def _has_key(keys: list[bytes]) -> bool:
    sent = _sent_key()
    # Every key is compared, so that time does not tell which one it was.
    return sum(hmac.compare_digest(sent, key) for key in keys) > 0


def _sent_key() -> bytes:
    """Return the key of a request; a browser sends it as the password of any user."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip().encode("utf-8", "replace")
    if scheme.lower() == "basic":
        try:
            user_and_key = base64.b64decode(credentials.strip(), validate=True)
        except (binascii.Error, ValueError):
            return b""
        return user_and_key.partition(b":")[2]
    return request.headers.get("X-API-Key", "").encode("utf-8", "replace")


def _is_cross_site() -> bool:
    """Tell whether a browser says that a page of another site made it send this."""
    # Of a header that is not there the environment tells without an error raised and caught.
    site = request.environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.environ.get("HTTP_ORIGIN")
    return origin is not None and urlsplit(origin).netloc.lower() != request.host.lower()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
