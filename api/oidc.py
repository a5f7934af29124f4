"""People and programs known to an identity provider: bearer tokens (JWT) that it signed for this service.

Three settings of the environment turn it on: WFM_OIDC_ISSUER and WFM_OIDC_AUDIENCE, which a token must carry as `iss` and
`aud`, and WFM_OIDC_JWKS, the address of the provider's public keys. The claim `wfm_role` names a role of this service, and
`wfm_partner` or `wfm_site` whose rows a partner's coordinator or a site's manager sees.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from jwt import PyJWK, PyJWKClient

from api.access import Caller
from api.loopback import is_loopback
from data.store.tables import Role
from wfm.errors import WfmError

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a private key alone: with a shared secret, whoever checks a token could make one."""
LEEWAY_SECONDS = 30
"""How far the provider's clock may be off."""
LONGEST_TOKEN = 16_384
KEYS_SECONDS = 300.0
"""How long the provider's keys are kept before they are asked for again."""
AGAIN_SECONDS = 10.0
"""A token of an unknown key makes the service ask for the keys again, but not more often than this."""
TIMEOUT_SECONDS = 5.0
_SETTINGS = ("WFM_OIDC_ISSUER", "WFM_OIDC_AUDIENCE", "WFM_OIDC_JWKS")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OidcSettings:
    issuer: str
    audience: str
    jwks: str


class NoRoleError(Exception):
    """The token is valid, and its bearer has no business here."""


class UnreachableError(Exception):
    """The provider's keys cannot be had just now."""


def oidc_settings() -> OidcSettings | None:
    """The settings, None without any. Raises WfmError when some are missing, or keys would come over an open network."""
    values = {name: os.environ.get(name, "") for name in _SETTINGS}
    if not any(values.values()):
        return None
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise WfmError(f"{', '.join(missing)} must be set as well, or none of {', '.join(_SETTINGS)}.")
    url = urlsplit(values["WFM_OIDC_JWKS"])
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname or "")):
        raise WfmError(
            "WFM_OIDC_JWKS must be an https address: whoever can change the keys on their way can make tokens."
        )
    return OidcSettings(*values.values())


class TokenReader:
    """Reads tokens of one provider. Safe to use from several threads."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._client = PyJWKClient(settings.jwks, lifespan=KEYS_SECONDS, timeout=TIMEOUT_SECONDS)
        self._lock = threading.Lock()
        self._asked_at = float("-inf")

    def read(self, token: str) -> Caller | None:
        """Whose token it is; None for one that is no token of this provider for this service, or past.

        Raises NoRoleError and UnreachableError.
        """
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = self._key(key_id) if isinstance(key_id, str) else None
            if key is None:
                return None
            claims = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.InvalidTokenError:
            return None
        return _caller(claims)

    def _key(self, key_id: str) -> PyJWK | None:
        try:
            with self._lock:
                found = _pick(self._client.get_signing_keys(), key_id)
                now = time.monotonic()
                if found is None and now - self._asked_at >= AGAIN_SECONDS:
                    self._asked_at = now
                    found = _pick(self._client.get_signing_keys(refresh=True), key_id)
                return found
        except jwt.PyJWKClientConnectionError as error:
            _log.warning("The keys of the identity provider cannot be had: %s", error)
            raise UnreachableError from error
        except (jwt.PyJWTError, ValueError) as error:
            _log.warning("The identity provider gives no usable keys: %s", error)
            raise UnreachableError from error


def _pick(keys: list[PyJWK], key_id: str) -> PyJWK | None:
    return next((key for key in keys if key.key_id == key_id), None)


def _caller(claims: dict[str, Any]) -> Caller:
    role, partner, site = (claims.get(name) for name in ("wfm_role", "wfm_partner", "wfm_site"))
    if role not in [known.value for known in Role]:  # a list: a claim can be of any type
        raise NoRoleError
    of_partner, of_site = (partner if role == Role.PARTNER else None), (site if role == Role.SITE_MANAGER else None)
    for wanted, value in ((Role.PARTNER, of_partner), (Role.SITE_MANAGER, of_site)):
        if role == wanted and not (isinstance(value, str) and value):
            raise NoRoleError
    return Caller(f"oidc {claims['sub'][:200]}", Role(role), of_partner, of_site)
