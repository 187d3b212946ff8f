"""Stored runs of recipes, which belong to the user: listed, compared, deleted.

``recipe-runs/ID.json`` holds ``id, recipe, quick, settings, collection {name, n_tracks, fingerprint}, code``
(hash of the recipe's source)``, environment`` (library versions)``, created, seconds`` and the
:class:`core.recipes.findings.Findings` as ``tables, figures, claims``.
"""

import json
import re
from pathlib import Path

from core import store
from core.access.audit import audited
from core.access.quotas import uploading
from core.access.records import forget_record
from core.access.rules import check_change_made, has_every_right, may_see_made, record_maker
from core.errors import ConfigError
from core.recipes import recipe_spec
from core.recipes.findings import findings_of

KIND = "recipe-runs"
FURTHER = "further"
"""The setting of recipes that names further collections."""


def save_run(run: dict, *, is_upload: bool = False) -> None:
    """Keep a run under its id."""
    with audited("import run" if is_upload else "save run", run["id"]):
        record_maker(KIND, run["id"], is_upload=is_upload)
        store.save_owned(KIND, run["id"], run)


def save_new_run(run: dict, *, is_upload: bool = False) -> dict:
    """Keep a run under a new id (recipe, collection and a number), and return it with that id."""
    stem = re.sub(r"[^\w.-]+", "-", f"{run['recipe']}-{run['collection']['name']}")
    path = store.create_numbered(store.folder(KIND), stem, ".json")
    try:
        run = {"id": path.stem, **run}
        save_run(run, is_upload=is_upload)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return run


def list_runs() -> list[dict]:
    """Return all runs that the present viewer may see, newest first, without their figures.

    Damaged files are left out.
    """
    found, sees_all = [], has_every_right()
    for path in store.folder(KIND).glob("*.json"):
        run = store.recent.read((path,), store.read_json)
        if isinstance(run, dict) and {"id", "recipe", "collection", "created"} <= set(run):
            if not (sees_all or may_see_made(KIND, run["id"], collections_of(run))):
                continue
            found.append({key: value for key, value in run.items() if key != "figures"})
    return sorted(found, key=lambda run: (run["created"], run["id"]), reverse=True)


def load_run(run_id: str) -> dict:
    """Return a run, which is shared: don't modify it.

    Raises
    ------
    ConfigError
        When there is none of that id.
    """
    path = store.path_of(KIND, f"{run_id}.json")
    run = store.recent.read((path,), store.read_json) if re.fullmatch(r"[\w.-]+", run_id) else None
    if not isinstance(run, dict) or not may_see_made(KIND, run_id, collections_of(run)):
        known = [one["id"] for one in list_runs()[:5]]
        raise ConfigError(f"there is no run {run_id!r}; the newest are {', '.join(known) or 'none yet'}")
    return run


def collections_of(run: dict) -> list[str]:
    """Return the names of the collections that a run was made on, and of those that its settings name."""
    further = (run.get("settings") or {}).get(FURTHER) or ()
    return [str(run["collection"]["name"]), *map(str, further)]


def import_run(file: str | Path) -> dict:
    """Keep a run that was written as JSON, under a new id if there is one of its own.

    Raises
    ------
    ConfigError
        When the file can't be read or holds no run.
    """
    try:
        run = json.loads(Path(file).expanduser().read_text(encoding="utf-8"))
        findings_of(run)
        recipe_spec(run["recipe"])
        compare_runs(run, run)  # every part that readers use is there
        collections_of(run)
        run["imported_from"] = str(run.pop("id"))
    except OSError as reason:
        raise ConfigError(f"{str(file)!r} can't be read: {reason.strerror}") from reason
    except (ValueError, KeyError, TypeError, AttributeError) as reason:
        raise ConfigError(f"{str(file)!r} holds no run of a recipe") from reason
    with uploading(Path(file).expanduser().stat().st_size):
        return save_new_run(run, is_upload=True)


def delete_run(run_id: str) -> None:
    """Delete a run.

    Raises
    ------
    ConfigError
        When there is none of that id.
    AccessError
        When somebody else made it.
    """
    with audited("delete run", run_id):
        check_change_made(KIND, run_id, collections_of(load_run(run_id)))
        store.path_of(KIND, f"{run_id}.json").unlink(missing_ok=True)
        forget_record(KIND, run_id)


def compare_runs(first: dict, second: dict) -> dict:
    """Return what differs between two runs.

    Returns
    -------
    dict
        ``settings`` {name: [first, second]}, ``environment`` {package: [first, second]}, ``code`` and
        ``collection`` (whether they differ), and ``values``: a list of ``table, row, column, first, second,
        difference`` for every value that both have.
    """
    differs = {
        part: {
            name: [first[part].get(name), second[part].get(name)]
            for name in sorted(set(first[part]) | set(second[part]))
            if first[part].get(name) != second[part].get(name)
        }
        for part in ("settings", "environment")
    }
    values_1, values_2 = _values_of(first), _values_of(second)
    values = [
        dict(
            zip(("table", "row", "column"), key),
            first=value,
            second=values_2[key],
            difference=values_2[key] - value,
        )
        for key, value in values_1.items()
        if key in values_2
    ]
    return {
        "runs": [first["id"], second["id"]],
        **differs,
        "code": first["code"] != second["code"],
        "collection": first["collection"]["fingerprint"] != second["collection"]["fingerprint"],
        "values": values,
    }


def _values_of(run: dict) -> dict[tuple[str, str, str], float]:
    """Return every defined value by table, row and column."""
    return {
        (table["key"], " ".join(filter(None, (row["name"], row["variant"]))), column): cell["value"]
        for table in run["tables"]
        for row in table["rows"]
        for column, cell in row["cells"].items()
        if cell["value"] is not None
    }
