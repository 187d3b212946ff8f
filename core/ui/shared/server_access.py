"""Access to this server's audio routes, from Streamlit's settings."""

import hashlib
import os
from dataclasses import replace

from streamlit import config

from core.access.viewer import is_enforced, viewer
from core.errors import ConfigError
from core.server.access import Access, is_loopback
from core.server.map_routes import scripts_path
from core.server.signed_links import link_to


def server_access() -> Access:
    """Return the access rules that follow from the server's address and its allowed hosts."""
    public = (
        config.get_option("browser.serverAddress")
        if config.is_manually_set("browser.serverAddress")
        else None
    )
    access = Access.of_server(
        config.get_option("server.address"),
        allowed_hosts=config.get_option("server.allowedHosts"),
        public_name=public,
        origins=config.get_option("server.corsAllowedOrigins"),
    )
    if not is_enforced():
        return access
    from core.ui.shared.request_user import identify

    return replace(access, signed=True, identify=identify)


def has_sign_in() -> bool:
    """Return whether Streamlit's secrets have a section ``[auth]``, which turns sign-in on.

    Raises
    ------
    ConfigError
        When there is a file of secrets that can't be read: it may have such a section.
    """
    from streamlit.runtime.secrets import secrets_singleton

    if secrets_singleton.load_if_toml_exists():
        return secrets_singleton.get("auth") is not None
    if damaged := [path for path in config.get_option("secrets.files") if os.path.lexists(path)]:
        raise ConfigError(f"{damaged[0]} can't be read; correct it, or remove it to serve without sign-in")
    return False


def base_path() -> str:
    """Return the path under which the app is served, without slashes around it; "" for the root."""
    return config.get_option("server.baseUrlPath").strip("/")


def scripts_link() -> str:
    """Return the address of the map's scripts."""
    return link_to(scripts_path(), base=base_path()).replace("%2F", "/")


def restrict_hosts() -> Access:
    """Restrict Streamlit's own connections to the hosts of the audio routes, if the server is local.

    By default Streamlit answers to any host name, so a foreign page could point its own name at 127.0.0.1 and
    use the app as its user (DNS rebinding).
    """
    access = server_access()
    if is_loopback(config.get_option("server.address")) and not config.get_option("server.allowedHosts"):
        config.set_option("server.allowedHosts", list(access.hosts))
    return access


def signing_session() -> str | None:
    """Return whom links are signed for, None where they need no signature: a person, or a browser session."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if is_enforced():
        return viewer().key
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None and server_access().signed else None


def session_tag() -> str:
    """Return a tag of the browser session that doesn't reveal its id; "" outside a session."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return ""
    return hashlib.blake2b(context.session_id.encode(), digest_size=8).hexdigest()
