"""Keys: what needs one, how it is sent, and what settings make no sense."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import create_app
from service.access import check_exposure
from service.settings import SettingError, read_settings

DENIAL = {"text": "No one crossed.", "stance": "deny"}
OPEN = {"GET /health", "POST /predict", "GET /metrics"}


def statuses(client: FlaskClient, headers: dict[str, str]) -> dict[str, int]:
    """Return the status of each kind of route with these headers."""
    return {
        "GET /health": client.get("/health", headers=headers).status_code,
        "GET /metrics": client.get("/metrics", headers=headers).status_code,
        "GET /none": client.get("/none", headers=headers).status_code,
        "POST /predict": client.post("/predict", json={"text": "a"}, headers=headers).status_code,
        "POST /annotations": client.post("/annotations", json=DENIAL, headers=headers).status_code,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer old-key"},
        {"Authorization": "bearer  new-key"},
        {"X-API-Key": "new-key"},
    ],
    ids=str,
)
def test_a_key_opens(models: Path, headers: dict[str, str]) -> None:
    """Each of several keys opens, in either header."""
    client = create_app({"API_KEY": "old-key, new-key", "PROTECT": "all"}).test_client()
    told = statuses(client, headers)
    assert told.pop("GET /none") == 404
    assert told.pop("POST /annotations") == 201
    assert set(told.values()) == {200}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer old-key,new-key"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic old-key"},
        {"Authorization": "Bearer wrong", "X-API-Key": "old-key"},
        {"X-API-Key": "ключ".encode().decode("latin-1")},
        {"X-API-Key": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("protect", ["annotations", "all"])
def test_without_a_key_it_stays_shut(models: Path, protect: str, headers: dict[str, str]) -> None:
    """No key, or a wrong one, is 401 where a key is needed; /health is always open."""
    client = create_app({"API_KEY": "old-key,new-key", "PROTECT": protect}).test_client()
    told = statuses(client, headers)
    assert told["GET /health"] == 200
    assert told["POST /annotations"] == 401
    others = {told[route] for route in ("GET /metrics", "POST /predict", "GET /none")}
    assert others == ({401} if protect == "all" else {200, 404})
    response = client.post("/annotations", json=DENIAL, headers=headers)
    assert response.content_type == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="stance"'


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"PROTECT": "most"}, "STANCE_PROTECT must be 'annotations' or 'all', not 'most'"),
        ({"PROTECT": "all"}, "STANCE_PROTECT=all needs a key"),
        ({"API_KEY": " , "}, "STANCE_API_KEY holds no key"),
        ({"API_KEY": "geheim-ü"}, "must be of ASCII characters"),
        ({"API_KEY": "two words"}, "without spaces"),
    ],
)
def test_settings_that_make_no_sense(config: dict[str, Any], message: str) -> None:
    """A setting that would leave open what should be shut is refused, its secret not told."""
    with pytest.raises(SettingError, match=message) as caught:
        create_app(config)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("::1", False),
        ("[::1]", False),
        ("localhost", False),
        ("0.0.0.0", True),  # noqa: S104
        ("::", True),
        ("", True),
        ("10.0.0.1", True),
        ("localhost.example.org", True),
    ],
)
def test_exposure(host: str, refused: bool) -> None:
    """Without a key only this machine may reach the service; with one everybody may."""
    check_exposure(host, read_settings({"API_KEY": "k"}))
    if refused:
        with pytest.raises(SettingError, match="set STANCE_API_KEY"):
            check_exposure(host, read_settings())
    else:
        check_exposure(host, read_settings())
