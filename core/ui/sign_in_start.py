"""Whether this server asks visitors to sign in, found when it starts."""

from collections.abc import Mapping

from core.access.viewer import enforce
from core.errors import ConfigError
from core.ui.shared.server_access import has_sign_in, server_access

SHORTEST_SECRET = 32
"""Characters of the secret that signs the cookie of who signed in."""


def start_sign_in() -> None:
    """Turn sign-in on where it is configured; called once, before the server serves anything.

    Raises
    ------
    ConfigError
        When others reach the server, its store was used with sign-in, and none is configured now; or when the
        secret of the cookies could be guessed.
    """
    if has_sign_in():
        from core.ui.team.sign_in import current_viewer

        _check_cookie_secret()
        enforce(current_viewer)
    elif server_access().signed and _is_team_store():
        raise ConfigError(
            "this store was used with sign-in, and others reach this server: configure [auth] in "
            ".streamlit/secrets.toml again, or serve another store"
        )


def _check_cookie_secret() -> None:
    """Refuse a secret that is short, or that of the example: who knows it can sign in as anybody."""
    from streamlit.auth_util import get_secrets_auth_section
    from streamlit.web.server.server_util import get_cookie_secret

    if not isinstance(get_secrets_auth_section(), Mapping):
        raise ConfigError("auth in .streamlit/secrets.toml must be a section: [auth]")
    secret = get_cookie_secret()  # random where the section has none
    if not isinstance(secret, str) or len(secret) < SHORTEST_SECRET or secret.startswith("REPLACE"):
        raise ConfigError(
            f"cookie_secret in .streamlit/secrets.toml must be {SHORTEST_SECRET} or more random characters; "
            "make them with: python -c 'import secrets; print(secrets.token_hex(32))'"
        )


def _is_team_store() -> bool:
    """Return whether a server with sign-in has used the store."""
    from core.access.records import is_team_store  # imports the store

    return is_team_store()
