"""Whether this server asks visitors to sign in, found when it starts."""

from core.access.viewer import enforce
from core.errors import ConfigError
from core.ui.shared.server_access import has_sign_in, server_access


def start_sign_in() -> None:
    """Turn sign-in on where it is configured; called once, before the server serves anything.

    Raises
    ------
    ConfigError
        When others reach the server, its store was used with sign-in, and none is configured now.
    """
    if has_sign_in():
        from core.ui.team.sign_in import current_viewer

        enforce(current_viewer)
    elif server_access().signed and _is_team_store():
        raise ConfigError(
            "this store was used with sign-in, and others reach this server: configure [auth] in "
            ".streamlit/secrets.toml again, or serve another store"
        )


def _is_team_store() -> bool:
    """Return whether a server with sign-in has used the store."""
    from core.access.records import is_team_store  # imports the store

    return is_team_store()
