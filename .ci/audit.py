"""Audit the installed packages with pip-audit, and count a package that it skipped as not audited.

``python .ci/audit.py``: exit status 1 where a vulnerability is known, 2 where none is known but a package was
skipped. pip-audit itself ends with "No known vulnerabilities found" where it could ask its database about
nothing.
"""

import json
import subprocess
import sys
from typing import Any

LOCAL = ("songscape",)
"""Packages that no database knows."""
NOT_AUDITED = 2


def summarise(report: dict[str, Any]) -> tuple[list[str], list[str], int]:
    """Return the vulnerabilities, the skipped packages and the number of audited ones of a report."""
    packages = [one for one in report.get("dependencies", []) if one["name"] not in LOCAL]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    found = [
        f"{one['name']} {one['version']}: {flaw['id']}, fixed in {', '.join(flaw['fix_versions']) or 'none'}"
        for one in packages
        for flaw in one.get("vulns", [])
    ]
    return found, skipped, len(packages) - len(skipped)


def main() -> int:
    """Run pip-audit and print what it found."""
    ran = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
    )
    try:
        report = json.loads(ran.stdout)
    except ValueError:
        print(f"not audited: pip-audit gave no report: {ran.stderr.strip()[-300:]}")
        return NOT_AUDITED
    found, skipped, n_audited = summarise(report)
    for line in found:
        print(line)
    if skipped:
        print(f"not audited: {', '.join(skipped)}")
    print(f"{n_audited} packages audited, {len(skipped)} not audited, {len(found)} vulnerabilities")
    if found:
        return 1
    return NOT_AUDITED if skipped or not n_audited else 0


if __name__ == "__main__":
    sys.exit(main())
