"""The container's files: what they copy exists, versions are the project's, names agree, settings exist."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

from core.access import quotas, rules
from core.collection.sources import roots

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "container"
CONTAINERFILE = (FOLDER / "Containerfile").read_text()
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())
APP = COMPOSE["services"]["songscape"]


def tracked() -> set[str]:
    """Return the files that git knows, and the folders above them."""
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [Path(line) for line in out.splitlines()]
    return {str(path) for file in files for path in (file, *file.parents)}


def test_what_is_copied_is_in_the_repository_and_not_ignored():
    ignored = set((ROOT / ".dockerignore").read_text().split())
    copied = [line.split()[1:-1] for line in CONTAINERFILE.splitlines() if line.startswith("COPY ")]
    sources = [source for line in copied for source in line]
    assert len(sources) >= 8
    assert set(sources) <= tracked() and not set(sources) & ignored
    assert {"app.py", "core", "pages", "assets", "docs", ".streamlit/config.toml"} <= set(sources)


def test_secrets_are_neither_copied_nor_kept_in_git():
    for file in (".dockerignore", ".gitignore"):
        assert {".streamlit/secrets.toml", "docs/container/secrets.toml"} <= set(
            (ROOT / file).read_text().split()
        )
    assert not {name for name in tracked() if name.endswith("secrets.toml")}


def test_versions_are_those_of_the_project():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert re.search(r"torch==\S+", CONTAINERFILE)[0] in (ROOT / "requirements.txt").read_text().split()
    assert re.findall(r'"(\S+>=\S+)"', CONTAINERFILE) == wanted["optional-dependencies"]["team"]
    python = re.search(r"FROM python:(\d+)\.(\d+)", CONTAINERFILE).groups()
    assert tuple(map(int, python)) >= tuple(map(int, wanted["requires-python"].strip(">=").split(".")))


def test_compose_builds_this_container_and_mounts_what_is_there():
    build = APP["build"]
    assert (FOLDER / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).read_text() == CONTAINERFILE
    mounted = {v.split(":")[0] for s in COMPOSE["services"].values() for v in s["volumes"]}
    local = {name for name in mounted if name.startswith("./")}
    assert mounted - local == set(COMPOSE["volumes"])
    assert local - {"./secrets.toml", "./music"} == {"./Caddyfile"} and (FOLDER / "Caddyfile").is_file()
    assert "store:/data" in APP["volumes"] and "SONGSCAPE_CACHE=/data/store" in CONTAINERFILE


def test_name_and_base_path_agree():
    name, base = (APP["environment"][f"STREAMLIT_SERVER_{key}"] for key in ("ALLOWED_HOSTS", "BASE_URL_PATH"))
    auth = tomllib.loads((FOLDER / "secrets.example.toml").read_text())["auth"]
    assert auth["redirect_uri"] == f"https://{name}/{base}/oauth2callback"
    assert {"cookie_secret", "client_id", "client_secret", "server_metadata_url"} < set(auth)
    caddy = (FOLDER / "Caddyfile").read_text()
    assert caddy.startswith(f"{name} {{") and f"reverse_proxy /{base}/* songscape:8501" in caddy


def test_settings_of_the_app_exist_and_are_documented():
    known = {rules.ADMINS, rules.MEMBERS, quotas.UPLOADS, quotas.JOBS, roots.VARIABLE}
    own = {name for name in APP["environment"] if name.startswith("SONGSCAPE_")}
    assert own == known
    text = (ROOT / "docs" / "deployment.md").read_text()
    assert all(f"`{name}`" in text for name in known)
    for name, default in quotas.DEFAULTS.items():
        assert re.search(rf"`{name}` .*\| {default} \|", text)
