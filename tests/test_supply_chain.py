"""Dependencies: their licences, what was not audited, pinned hashes, and the installed entry point."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from core import __version__

ROOT = Path(__file__).resolve().parents[1]


def script(name: str):
    """Import a script of CI."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Licences


def test_every_dependency_has_an_allowed_licence():
    ran = subprocess.run([sys.executable, ROOT / ".ci" / "licences.py"], capture_output=True, text=True)
    assert ran.returncode == 0, [line for line in ran.stdout.splitlines() if "not allowed" in line]
    assert len(ran.stdout.splitlines()) > 80


@pytest.mark.parametrize(
    "expression, allowed",
    [
        ("MIT", True),
        ("BSD-3-Clause AND MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("(Apache-2.0 OR BSD-2-Clause)", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_with_all_its_parts(expression, allowed):
    assert script("licences").is_allowed(expression) == allowed


def test_a_package_that_is_not_installed_is_left_out_and_those_that_others_need_are_found():
    names = [one.name for one in script("licences").needed(["librosa", "no-such-package-here"])]
    assert "librosa" in names and "soxr" in names


def test_extras_are_checked_as_far_as_they_are_installed(monkeypatch, capsys):
    licences = script("licences")
    assert set(licences.read_extras(ROOT / "pyproject.toml")) == {"ray", "team"}
    monkeypatch.setattr(sys, "argv", ["licences.py"])
    monkeypatch.setattr(licences, "read_extras", lambda path: {"more": ["pytest>=9", "no-such-package-here"]})
    assert licences.main() == 0  # the control
    monkeypatch.setattr(licences, "licence_of", lambda one: "GPL-3.0" if one.name == "pytest" else "MIT")
    assert licences.main() == 1
    listed = capsys.readouterr().out.rpartition("[more]")[2].splitlines()
    assert [line.split()[0] for line in listed if line.endswith("not allowed")] == ["pytest"]
    assert [line.split()[0] for line in listed if "not installed" in line] == ["no-such-package-here"]


# Lock file


def locked() -> dict[str, tuple[str, int]]:
    """Return the version and the number of hashes of each package in the lock file."""
    text = (ROOT / "requirements.lock").read_text()
    entries = re.findall(
        r"^([\w.-]+)==(\S+) \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE
    )
    return {name: (version, hashes.count("sha256:")) for name, version, hashes in entries}


def test_the_lock_file_has_all_that_is_needed_except_torch():
    licences, found = script("licences"), locked()
    needed = licences.needed(licences.read_requirements(ROOT / "requirements.txt"))
    names = {re.sub(r"[-_.]+", "-", one.name).lower() for one in needed}
    assert names - found.keys() <= {"torch"} and "torch" not in found
    assert all(n_hashes for _, n_hashes in found.values())


def test_every_line_of_the_lock_file_is_a_version_or_a_hash():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    rest = [
        line
        for line in lines
        if not re.match(r"#|[\w.-]+==\S+ \\$| +--hash=sha256:[0-9a-f]{64}( \\)?$", line)
    ]
    assert rest == []


def test_locked_versions_are_those_that_requirements_allow():
    found = locked()
    for line in script("licences").read_requirements(ROOT / "requirements.txt"):
        requirement = Requirement(line)
        if requirement.name != "torch":
            assert requirement.specifier.contains(found[requirement.name.lower()][0]), line


# Audit


def test_a_skipped_package_is_not_audited():
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": []},
            {"name": "b", "skip_reason": "no connection"},
            {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": []}]},
        ]
    }
    found, skipped, n_audited = script("audit").summarise(report)
    assert found == ["c 2: CVE-1, fixed in none"] and skipped == ["b"] and n_audited == 2


@pytest.mark.parametrize(
    "output, status",
    [
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', 0),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "C", "fix_versions": []}]}]}', 1),
        ('{"dependencies": [{"name": "a", "skip_reason": "x"}]}', 2),
        ('{"dependencies": []}', 2),
        ("no report", 2),
    ],
)
def test_only_an_audit_of_everything_ends_well(monkeypatch, output, status):
    audit = script("audit")
    ran = subprocess.CompletedProcess([], 0, stdout=output, stderr="")
    monkeypatch.setattr(audit.subprocess, "run", lambda *command, **settings: ran)
    assert audit.main() == status


# Installation


def test_av_has_the_mended_decoders():
    assert re.search(r"^av>=18\.1", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


def test_the_entry_point_is_the_command_line():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"songscape": "core.cli.app:main"}


def test_the_version_is_in_one_place_and_the_changelog_begins_with_it():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "core.__version__"}
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest[1] == __version__


@pytest.mark.slow
def test_an_editable_installation_has_the_command(tmp_path):
    pytest.importorskip("setuptools", minversion="77")
    for name in ("pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "core").symlink_to(ROOT / "core")
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index"]
    made = tmp_path / "made"
    subprocess.run([*pip, "--prefix", made, "-e", tmp_path], check=True, capture_output=True, cwd=tmp_path)
    command = next(made.glob("*/songscape*"))
    (packages,) = made.rglob("site-packages")
    assert (packages / f"songscape-{__version__}.dist-info").is_dir()
    run = (
        "import runpy, site, sys; site.addsitedir(sys.argv.pop(1)); runpy.run_path(sys.argv.pop(1), {}, NAME)"
    )
    run = run.replace("NAME", "'__main__'")
    ran = subprocess.run(
        [sys.executable, "-c", run, packages, command, "--help"], capture_output=True, text=True, cwd=made
    )
    assert ran.returncode == 0 and "train" in ran.stdout, ran.stderr
