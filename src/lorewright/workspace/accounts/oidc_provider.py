"""An OpenID provider as it is asked: where it sends people, and what it says of them, verified."""

from collections.abc import Mapping
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from lorewright.errors import Transient, Unauthenticated
from lorewright.settings import Oidc, secret

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only the provider can make: none that is made with a secret which the client knows too."""
_LEEWAY_SECONDS = 60
_TIMEOUT_SECONDS = 10.0


class Provider:
    """The provider that the settings name; whoever opens it closes it.

    Raises `Transient` when it cannot be reached, or says what no provider says.
    """

    def __init__(self, settings: Oidc, redirect_uri: str) -> None:
        self._settings = settings
        has_secret = bool(secret(settings.client_secret_env))
        self._client = OAuth2Client(
            settings.client_id,
            secret(settings.client_secret_env) or None,
            token_endpoint_auth_method=None if has_secret else "none",
            scope=" ".join(settings.scopes),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )
        try:
            self._metadata = self._described()
        except Transient:
            self.close()
            raise
        if has_secret and self._takes_secret_in_body:
            self._client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 - a method

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def login_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where somebody logs in at the provider."""
        url, _ = self._client.create_authorization_url(
            self._endpoint("authorization_endpoint"), state=state, nonce=nonce, code_verifier=verifier
        )
        return str(url)

    def claims(self, code: str, *, nonce: str, verifier: str) -> dict[str, Any]:
        """Return what the provider says of whoever came back with a code.

        Raises `Unauthenticated` for a code it does not know, and for a token that is not signed by it,
        not made for us, over, or of another login.
        """
        try:
            token = self._client.fetch_token(
                self._endpoint("token_endpoint"), grant_type="authorization_code", code=code,
                code_verifier=verifier,
            )  # fmt: skip
        except OAuthError as error:
            raise _refused(f"the code is invalid ({error.error})") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from error
        if not isinstance(token.get("id_token"), str):
            raise _refused("the provider sent no ID token")
        return self._verified(token, nonce)

    def _verified(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        settings = self._settings
        wanted: Any = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
        }
        known: Any = {
            "nonce": nonce, "client_id": settings.client_id, "access_token": token.get("access_token"),
        }  # fmt: skip
        try:
            key_set: Any = self._read(self._endpoint("jwks_uri"))
            keys = KeySet.import_key_set(key_set)
            registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
            read = jwt.decode(token["id_token"], keys, registry=registry)
            claims = CodeIDToken(read.claims, read.header, wanted, known)
            claims.validate(leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError, KeyError) as error:
            raise _refused(f"the ID token is invalid ({error})") from error
        return dict(claims)

    def _described(self) -> dict[str, Any]:
        """Return what the provider says of itself."""
        issuer = self._settings.issuer
        metadata = self._read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != issuer:
            raise Transient(
                f"{issuer} reports the issuer {metadata.get('issuer')!r}.",
                hint="Set oidc.issuer to exactly the issuer that the provider reports.",
            )
        return metadata

    @property
    def _takes_secret_in_body(self) -> bool:
        methods = self._metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" not in methods and "client_secret_post" in methods

    def _endpoint(self, name: str) -> str:
        try:
            return str(self._metadata[name])
        except KeyError as error:
            raise self._unreachable(f"it has no {name}") from error

    def _read(self, url: str) -> dict[str, Any]:
        try:
            response = self._client.request("GET", url, withhold_token=True)
            read = response.raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from error
        if not isinstance(read, dict):
            raise self._unreachable(f"{url} is not a JSON object")
        return read

    def _unreachable(self, why: object) -> Transient:
        return Transient(
            f"The provider {self._settings.issuer} cannot be reached: {why}.",
            hint="Try again, or check oidc.issuer.",
        )


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"The login was refused: {why}.", hint="Start again: /lorewright/v1/oidc/login")
