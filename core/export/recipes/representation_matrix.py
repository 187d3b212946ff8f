"""A matrix of representations by clusterings in one score, from a run of the recipe `representations`."""

from dataclasses import replace

from core.clustering import CLUSTERERS
from core.errors import ConfigError
from core.recipes.findings import Cell, Column, Row, Table, findings_of
from core.recipes.stored_runs import list_runs, load_run
from core.scoring import METRICS

RECIPE, TABLE = "representations", "clusterings"


def metrics_of(run: dict) -> list[str]:
    """Return the scores that a run has for each pair of representation and clustering."""
    return [column.key for column in _table_of(run).columns if column.key in METRICS]


def make_matrix(run: dict, metric: str) -> Table:
    """Return a row per representation and a column per clustering; published rows are left out.

    Raises
    ------
    ConfigError
        When the run is of another recipe, or has no such score.
    """
    table, known = _table_of(run), metrics_of(run)
    if metric not in known:
        raise ConfigError(f"metric={metric!r} must be one of {', '.join(known)}")
    rows: dict[str, Row] = {}
    clusterers: list[str] = []
    for row in table.rows:
        if row.variant not in CLUSTERERS:  # a published value
            continue
        if row.variant not in clusterers:
            clusterers.append(row.variant)
        here = rows.setdefault(row.name, replace(row, variant="", cells={}, note=""))
        cell = replace(row.cells.get(metric, Cell(None)), published=None)
        note = "; ".join(filter(None, (here.note, f"{row.variant}: {row.note}" if row.note else "")))
        rows[row.name] = replace(here, cells={**here.cells, row.variant: cell}, note=note)
    better = METRICS[metric].larger_is_better
    columns = tuple(Column(name, CLUSTERERS[name].title, better) for name in clusterers)
    title = f"{METRICS[metric].title} on {run['collection']['name']}, by representation and clustering"
    first = table.compared_with
    return Table("matrix", title, columns, tuple(rows.values()), compared_with=first, test=table.test)


def latest_run(collection: str) -> dict | None:
    """Return the newest run of the recipe on a collection; None without one."""
    for run in list_runs():
        if run["recipe"] == RECIPE and run["collection"]["name"] == collection:
            return load_run(run["id"])
    return None


def _table_of(run: dict) -> Table:
    """Return the table of all pairs."""
    tables = {table.key: table for table in findings_of(run).tables}
    if TABLE not in tables:
        raise ConfigError(f"{run['id']} is a run of {run['recipe']}; a matrix needs one of {RECIPE}")
    return tables[TABLE]
