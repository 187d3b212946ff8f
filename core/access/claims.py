"""Who somebody is by the claims of an identity provider (OpenID Connect Core 1.0, section 5.1)."""

from collections.abc import Mapping
from typing import Any

from core.access.rules import MEMBERS, is_member
from core.access.viewer import NOBODY, Viewer


def viewer_of_claims(claims: Mapping[str, Any]) -> Viewer:
    """Return who signed in; nobody where :func:`why_refused` gives a reason."""
    return NOBODY if why_refused(claims) or not claims.get("is_logged_in") else Viewer(email=_email(claims))


def why_refused(claims: Mapping[str, Any]) -> str:
    """Return why somebody who signed in at the provider may not use this server, "" where they may."""
    if not claims.get("is_logged_in"):
        return ""
    email = _email(claims)
    if not email:
        return "The identity provider gave no e-mail address (the claim email), so nobody can be signed in."
    if claims.get("email_verified") in (False, "false"):
        return f"The identity provider has not verified the address {email}. Verify it there first."
    if not is_member(email):
        return f"{email} may not use this server. Ask its administrators, who name its users in {MEMBERS}."
    return ""


def _email(claims: Mapping[str, Any]) -> str:
    """Return the e-mail of claims in lower case, "" where it is missing or no e-mail."""
    email = str(claims.get("email") or "").strip().lower()
    return email if "@" in email.strip("@") else ""
