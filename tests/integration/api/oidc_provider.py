"""An OpenID provider as a process of its own: `python -m tests.integration.api.oidc_provider`.

It knows one client and logs in whoever `POST /next` names. It checks the redirect URI, the client's
secret and PKCE as the standard asks; `POST /next` also makes it lie, so that a test can see who
notices. It prints its address when it listens.
"""

import base64
import json
import secrets
import socket
import time
from typing import Annotated, Any
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "lorewright", "only-the-two-of-them-know-this"


class Provider:
    """The provider at an address: its keys, the codes it gave, and what follows."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.following: dict[str, Any] = {}
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
        self._codes: dict[str, dict[str, str]] = {}
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.metadata)
        self.app.get("/jwks")(self.jwks)
        self.app.post("/next")(self.next_login)
        self.app.get("/authorize", response_model=None)(self.authorize)
        self.app.post("/token", response_model=None)(self.token)

    def metadata(self) -> dict[str, Any]:
        """Say where what is."""
        return {
            "issuer": self.following.get("issuer", self.issuer),
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> dict[str, Any]:
        """Return the key that verifies what is signed here."""
        return {"keys": [self._key.as_dict(private=False)]}

    def next_login(self, following: dict[str, Any]) -> dict[str, Any]:
        """Say who logs in next (`claims`), and what goes wrong: `sign`, `error`, `issuer`."""
        self.following = following
        return following

    def authorize(self, request: Request) -> RedirectResponse | JSONResponse:
        """Log somebody in, and send them back with a code."""
        asked = dict(request.query_params)
        wanted = {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
        if any(asked.get(name) != value for name, value in wanted.items()) or "openid" not in asked["scope"]:
            return JSONResponse({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        back = {"state": asked["state"], "iss": self.issuer}
        if self.following.get("error"):
            back["error"] = "access_denied"
        else:
            back["code"], self._codes[code] = code, asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    def token(
        self,
        request: Request,
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
    ) -> dict[str, Any] | JSONResponse:
        """Give an ID token for a code, once, to the client that has its secret and its verifier."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        begun = self._codes.pop(code, {})
        challenge = create_s256_code_challenge(code_verifier)
        if (begun.get("redirect_uri"), begun.get("code_challenge")) != (redirect_uri, challenge):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"],
            **self.following["claims"],
        }  # fmt: skip
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        """Return an ID token, signed as it should be or in another way."""
        way = self.following.get("sign")
        if way == "secret":  # the client has it too: whoever reads its settings could sign
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET))
        if way == "none":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        key = RSAKey.generate_key(2048, {"kid": "one"}, private=True) if way == "other" else self._key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def main() -> None:
    """Serve on a free port of this machine until killed."""
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
    print(issuer, flush=True)
    config = uvicorn.Config(Provider(issuer).app, log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
