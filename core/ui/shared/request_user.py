"""Who sent a request to the app's own routes: the person of Streamlit's signed cookie."""

import json
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.access.claims import viewer_of_claims
from core.access.viewer import NOBODY, Viewer


def identify(headers: Mapping[str, str]) -> Viewer:
    """Return the person whom the cookie of a request names, nobody where it is missing, invalid or old."""
    try:
        cookies = {name: cookie.value for name, cookie in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return NOBODY
    secret = get_cookie_secret()
    if not secret:
        return NOBODY

    def read(name: str) -> bytes | None:
        value = cookies.get(name)
        return (
            None if value is None else decode_signed_value(secret, name, value.encode("latin-1", "replace"))
        )

    try:
        claims = json.loads(get_cookie_with_chunks(read, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return NOBODY
    if not isinstance(claims, dict) or claims.get("origin") != get_origin_from_redirect_uri():
        return NOBODY
    return viewer_of_claims(claims)
