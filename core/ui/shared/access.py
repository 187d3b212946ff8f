"""Who may ask this server for sound, read from Streamlit's settings."""

from streamlit import config

from core.server.access import Access, is_loopback


def server_access() -> Access:
    """Return the rules that follow from where the server listens and what its user allowed."""
    public = (
        config.get_option("browser.serverAddress")
        if config.is_manually_set("browser.serverAddress")
        else None
    )
    return Access.of_server(
        config.get_option("server.address"),
        allowed_hosts=config.get_option("server.allowedHosts"),
        public_name=public,
        origins=config.get_option("server.corsAllowedOrigins"),
    )


def base_path() -> str:
    """Return the path below which the whole app is served, "" or without slashes around it."""
    return config.get_option("server.baseUrlPath").strip("/")


def close_doors() -> Access:
    """Give Streamlit's own connections the same names as the sound, where only this machine may reach the server.

    Streamlit answers to any name unless told otherwise, so that a foreign page could point its own name at
    127.0.0.1 and use the app as the person in front of it.
    """
    access = server_access()
    if is_loopback(config.get_option("server.address")) and not config.get_option("server.allowedHosts"):
        config.set_option("server.allowedHosts", list(access.hosts))
    return access
