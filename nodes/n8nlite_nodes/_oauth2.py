"""OAuth2 credentials as n8n keeps them: `{"oauthTokenData": {"access_token": ...}}`."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import SecretStr

from n8nlite.errors import CredentialError
from n8nlite.node import Credential


class OAuth2(Credential):
    """A connection to a service; `preferred` is where its token may stand besides the usual."""

    preferred: ClassVar[tuple[str, ...]] = ()
    oauth_token_data: dict[str, Any] = {}
    access_token: SecretStr | None = None

    @property
    def token(self) -> str:
        """The access token. Raises CredentialError when there is none."""
        for path in (self.preferred, ("access_token",)):
            found: Any = self.oauth_token_data if path else None
            for key in path:
                found = found.get(key) if isinstance(found, dict) else None
            if found:
                return str(found)
        if self.access_token:
            return self.access_token.get_secret_value()
        raise CredentialError(
            f"the credential of type {self.type} holds no token: "
            '{"oauthTokenData": {"access_token": ...}}'
        )
