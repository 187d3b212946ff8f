"""The generated reference: complete, and written anew after every change of a registry."""

from core.clustering import CLUSTERERS
from core.collection.datasets import LAYOUTS
from core.config import Config, describe_fields, setting
from core.features import EXTRACTORS
from core.fusion import FUSIONS
from core.models import MODELS
from core.projection import PROJECTIONS
from core.scoring import METRICS
from core.ui.help.documents import split_sections
from core.ui.help.reference import FILE, format_range, format_reference, format_table


def test_the_file_is_what_the_registries_say():
    assert FILE.read_text(encoding="utf-8") == format_reference(), "run: python -m core.ui.help.reference"


def test_every_entry_and_command_has_a_section():
    titles = [section.title for section in split_sections("reference")]
    for registry in (EXTRACTORS, MODELS, FUSIONS, CLUSTERERS, PROJECTIONS):
        assert set(registry) <= set(titles)
    for command in (
        "add",
        "list",
        "train",
        "score",
        "map",
        "search",
        "caption",
        "transcribe",
        "export",
        "bench",
    ):
        assert f"python -m core {command}" in titles
    scores = next(section.text for section in split_sections("reference") if section.title == "Scores")
    assert all(f"`{name}`" in scores for name in METRICS)
    layouts = next(s.text for s in split_sections("reference") if s.title == "Dataset layouts")
    assert all(f"`{name}`" in layouts for name in LAYOUTS)


def test_ranges_are_intervals_and_choices():
    class Sample(Config):
        share: float = setting(0.5, low=0, below=1, title="Share", help="A share.")
        weight: float = setting(0.5, low=0, high=1, title="Weight", help="A weight.")
        steps: int | None = setting(None, low=1, title="Steps", help="Steps.")
        is_on: bool = setting(True, title="On", help="Whether it is on.")

    import dataclasses

    fields = {field.name: field for field in describe_fields(dataclasses.dataclass(frozen=True)(Sample))}
    assert format_range(fields["share"]) == "≥ 0 and < 1"
    assert format_range(fields["weight"]) == "0 to 1"
    assert format_range(fields["steps"]) == "≥ 1, or `none`"
    assert format_range(fields["is_on"]) == "`true`, `false`"


def test_a_pipe_stays_in_its_cell():
    assert format_table(["a"], [["x | y\nz"]]).splitlines()[-1] == "| x \\| y z |"
