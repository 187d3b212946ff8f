"""List the licences of all packages that the app needs, and refuse any that isn't known to be compatible.

``python .ci/licences.py``: exit status 1 where a licence is missing or not allowed. What the extras of
pyproject.toml need is checked as far as it is installed; what isn't is listed. ``python .ci/licences.py
REQUIREMENTS`` checks what another file needs, and no extras.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Zlib",
    # weak copyleft: used unchanged, as a library of its own
    "LGPL-2.1-or-later",
    "MPL-2.0",
}
NAMES = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""SPDX identifiers of what packages write instead."""
LONGEST = 200
"""Characters of an expression; some packages have the whole text as their licence."""


def needed(requirements: Iterable[str]) -> Iterator[metadata.Distribution]:
    """Yield the installed packages that requirements need, with theirs, by name."""
    found: dict[str, metadata.Distribution] = {}
    names = [Requirement(line).name for line in requirements]
    while names:
        name = names.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            found[key] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # of another platform
            continue
        for line in found[key].requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                names.append(requirement.name)
    yield from (found[key] for key in sorted(found))


def licence_of(package: metadata.Distribution) -> str:
    """Return a package's licence as an SPDX expression, "" where it states none."""
    stated = package.metadata
    classifiers = [one.split(" :: ")[-1] for one in stated.get_all("Classifier") or [] if "License ::" in one]
    candidates = [stated.get("License-Expression"), stated.get("License"), *classifiers]
    for text in candidates:
        if text and len(text) <= LONGEST and "\n" not in text and text not in ("OSI Approved", "UNKNOWN"):
            return NAMES.get(text, text)
    return ""


def is_allowed(expression: str) -> bool:
    """Return whether every part of an expression is allowed, or one of its alternatives."""
    alternatives = [part.strip("() ").split(" AND ") for part in expression.split(" OR ")]
    return any(all(part.strip("() ") in ALLOWED for part in parts) for parts in alternatives)


def read_requirements(path: Path) -> list[str]:
    """Return the lines of a requirements file that name a package."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def read_extras(path: Path) -> dict[str, list[str]]:
    """Return the requirements of a pyproject.toml's extras by their names."""
    return tomllib.loads(path.read_text(encoding="utf-8"))["project"].get("optional-dependencies", {})


def missing(requirements: Iterable[str]) -> list[str]:
    """Return the names of required packages that aren't installed."""
    names = [Requirement(line).name for line in requirements]
    return [name for name in names if not any(metadata.distributions(name=name))]


def list_licences(packages: Iterable[metadata.Distribution]) -> int:
    """Print packages with their licences; return how many aren't allowed."""
    refused = 0
    for package in packages:
        licence = licence_of(package)
        refused += not is_allowed(licence)
        mark = "" if is_allowed(licence) else "   <- not allowed"
        print(f"{package.name:36} {package.version:16} {licence or 'none stated'}{mark}")
    return refused


def main() -> int:
    """Print every package with its licence; return 1 if one isn't allowed."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "requirements.txt"
    packages = list(needed(read_requirements(path)))
    refused = list_licences(packages)
    extras = read_extras(ROOT / "pyproject.toml") if len(sys.argv) == 1 else {}
    known = {package.name for package in packages}
    for extra, requirements in extras.items():
        print(f"\n[{extra}], beside those above:")
        refused += list_licences(package for package in needed(requirements) if package.name not in known)
        for name in missing(requirements):
            print(f"{name:36} not installed, so not checked")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
