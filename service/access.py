"""Who may ask: keys, and what they are needed for."""

import hmac
import ipaddress

from flask import Flask, request

from service.problems import Problem
from service.settings import SettingError, Settings


def register(app: Flask, settings: Settings) -> None:
    """Ask for a key where the settings say so; `/health` is open always."""
    keys = [key.encode() for key in settings.keys]

    @app.before_request
    def _check() -> None:
        if keys and _is_protected(settings.protect) and not _has_key(keys):
            raise Problem(
                401,
                "a key is needed: send it as Authorization: Bearer KEY, or as X-API-Key",
                headers={"WWW-Authenticate": 'Bearer realm="stance"'},
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
        return request.path != "/health"
    return request.method == "POST" and request.path == "/annotations"


def _has_key(keys: list[bytes]) -> bool:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    sent = bearer.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    # Every key is compared, so that time does not tell which one it was.
    return sum(hmac.compare_digest(sent.encode("utf-8", "replace"), key) for key in keys) > 0


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
