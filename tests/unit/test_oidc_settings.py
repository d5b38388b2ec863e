"""Settings of an OpenID provider."""

from pathlib import Path

import pytest

from lorewright.errors import InvalidSetting
from lorewright.settings import read_settings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('issuer = "http://id.example"\nclient_id = "a"', "oidc.issuer"),
        ('issuer = "https://id.example"', "oidc.client_id"),
        ('scopes = ["email"]', "oidc.scopes"),
        ('new_users = "administrator"', "new_users"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "lorewright.toml"
    path.write_text(f"[oidc]\n{text}\n")
    with pytest.raises(InvalidSetting, match=told):
        read_settings(path)
