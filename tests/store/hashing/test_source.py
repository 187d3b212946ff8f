import shutil
from pathlib import Path

import pytest

from core.store.hashing import parsed_module, source
from core.store.hashing.source import reach, source_hash

FILES = {
    "__init__.py": "",
    "errors.py": "class Refused(Exception):\n    pass\n",
    "steps.py": '''
"""Steps."""
import math
from pkg import tables
from pkg.errors import Refused
from pkg.leaf import scale as rescale

FACTOR = 2


def step(x: int) -> int:
    """Take a step."""
    if x < 0:
        raise Refused("below 0")
    from pkg.late import shift

    return shift(rescale(x)) * FACTOR + tables.offset(x)


def neighbour(x):
    return x - 1


@register(WALKS, Spec, name="walk", title="Walk", help="Goes.")
def _walk():
    from pkg.leaf import scale

    return scale


class Walk:
    """Walk."""

    length = setting(3, title="Length", help="Steps.")

    def run(self, x):
        return step(x)
''',
    "leaf.py": "def scale(x):\n    return 3 * x\n\n\ndef unused(x):\n    return x\n",
    "late.py": "def shift(x):\n    return x + 1\n",
    "tables.py": "SIZE = 4\nNAMES = {}\nNAMES['a'] = 1\n\n\ndef offset(x):\n    return SIZE + "
    "NAMES['a']\n\n\ndef other():\n    return 0\n",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.setattr(parsed_module, "ROOT", tmp_path / "root")
    folder = tmp_path / "root" / "pkg"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    yield folder
    forget()


def hash_names(*names: tuple[str, str]) -> str:
    """Hash the statements reached from (module, name) pairs as source_hash does."""
    return source._digest(source._texts(reach(names)))


def forget() -> None:
    parsed_module.read_module.cache_clear()
    parsed_module._path.cache_clear()


def hashed(folder: Path, name: str = "Walk") -> str:
    forget()
    return hash_names(("pkg.steps", name))


def edited(folder: Path, file: str, old: str, new: str) -> str:
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return hashed(folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("steps.py", '"""Steps."""', '"""Other words."""\n# a comment\n'),
        ("steps.py", '"""Take a step."""', '"""Take one step.\n\n    With more words.\n    """'),
        ("steps.py", "FACTOR = 2", 'FACTOR = 2  # twice\n"""What it is multiplied by."""'),
        ("steps.py", "def step(x: int) -> int:", "def step(x: float):"),
        ("steps.py", 'title="Length", help="Steps."', 'title="Number of steps", help="How far."'),
        ("steps.py", "return x - 1", "return x - 2"),
        ("leaf.py", "return 3 * x", "# scaled\n    return (3\n        * x)"),
        ("leaf.py", "def unused(x):\n    return x", "def unused(x):\n    return -x"),
        ("tables.py", "return 0", "return 1"),
        ("errors.py", "pass", "code = 1"),
    ],
)
def test_what_changes_no_value_keeps_the_hash(package, file, old, new):
    before = hashed(package)
    assert edited(package, file, old, new) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("steps.py", "FACTOR = 2", "FACTOR = 3"),
        ("steps.py", "setting(3", "setting(4"),
        ("steps.py", "return step(x)", "return step(x + 0)"),
        ("steps.py", "if x < 0", "if x < 1"),
        ("leaf.py", "3 * x", "4 * x"),
        ("late.py", "x + 1", "x + 2"),
        ("tables.py", "SIZE = 4", "SIZE = 5"),
        ("tables.py", "NAMES['a'] = 1", "NAMES['a'] = 2"),
        ("steps.py", "import scale as rescale", "import unused as rescale"),
    ],
)
def test_a_changed_line_anywhere_below_changes_the_hash(package, file, old, new):
    before = hashed(package)
    assert edited(package, file, old, new) != before


@pytest.mark.parametrize("new", ['title="Run"', 'help="Runs.", title="Walk"'])
def test_what_a_registry_entry_says_of_itself_is_no_source(package, new):
    before = hashed(package, "_walk")
    path = package / "steps.py"
    path.write_text(path.read_text().replace('title="Walk"', new))
    assert hashed(package, "_walk") == before
    path = package / "leaf.py"
    path.write_text(path.read_text().replace("3 * x", "4 * x"))
    assert hashed(package, "_walk") != before  # the control


def test_names_that_are_swapped_change_the_hash(package):
    (package / "leaf.py").write_text(
        "BLOCK = 1\n\n\ndef scale(x):\n    return BLOCK * x\n\n\ndef other(x):\n    return x\n"
    )
    (package / "late.py").write_text("BLOCK = 2\n\n\ndef shift(x):\n    return x + BLOCK\n")
    before = hashed(package)
    (package / "leaf.py").write_text((package / "leaf.py").read_text().replace("BLOCK = 1", "BLOCK = 2"))
    swapped = edited(package, "late.py", "BLOCK = 2", "BLOCK = 1")
    assert swapped != before
    one = edited(
        package,
        "steps.py",
        "from pkg.leaf import scale as rescale",
        "from pkg.leaf import scale as rescale, other as same",
    )
    two = edited(
        package, "steps.py", "return shift(rescale(x)) * FACTOR", "return shift(rescale(same(x))) * FACTOR"
    )
    three = edited(
        package,
        "steps.py",
        "import scale as rescale, other as same",
        "import other as rescale, scale as same",
    )
    assert len({one, two, three}) == 3


def test_moving_a_function_to_another_module_keeps_the_hash(package):
    before = hashed(package)
    (package / "elsewhere.py").write_text("def scale(x):\n    return 3 * x\n")
    (package / "leaf.py").unlink()
    assert (
        edited(
            package,
            "steps.py",
            "from pkg.leaf import scale as rescale",
            "from pkg.elsewhere import scale as rescale",
        )
        == before
    )


def test_a_name_that_is_passed_on_by_a_package_is_followed(package):
    (package / "sub").mkdir()
    (package / "sub" / "__init__.py").write_text(
        "from pkg.sub.inner import scale\nfrom pkg.sub.other import unrelated\n"
    )
    (package / "sub" / "inner.py").write_text("def scale(x):\n    return 3 * x\n")
    (package / "sub" / "other.py").write_text("def unrelated():\n    return 1\n")
    before = edited(
        package, "steps.py", "from pkg.leaf import scale as rescale", "from pkg.sub import scale as rescale"
    )
    assert edited(package, "sub/other.py", "return 1", "return 2") == before
    assert edited(package, "sub/inner.py", "3 * x", "5 * x") != before


def test_an_unknown_name_is_loud():
    with pytest.raises(LookupError, match="core.store has no 'nothing_here'"):
        hash_names(("core.store", "nothing_here"))


def test_a_class_from_outside_the_project_is_hashed_by_its_own_source():
    class Foreign:
        def run(self):
            return 1

    class Other:
        def run(self):
            return 2

    assert source_hash(Foreign) == source_hash(Foreign) != source_hash(Other)


def test_a_step_reaches_what_it_stands_on_and_not_its_neighbours():
    modules = {module for module, _ in reach((("core.features.spectral.mfcc", "Mfcc"),))}
    assert {"core.features.spectral.mfcc", "core.features.spectral.mel", "core.audio.decode"} <= modules
    assert not modules & {
        "core.features",
        "core.features.pretrained.musicnn",
        "core.errors",
        "core.progress",
        "core.store",
    }


def test_comments_in_every_file_of_the_project_change_no_hash(tmp_path, monkeypatch):
    """The real code: a comment at the end of every line that can bear one, and a changed line far below."""
    names = (
        ("core.features.spectral.mfcc", "Mfcc"),
        ("core.scoring.choose_k", "choose_k"),
        ("core.models.vae.convolutional", "ConvVAE"),
    )
    copy = tmp_path / "root"
    shutil.copytree(parsed_module.ROOT / "core", copy / "core", ignore=shutil.ignore_patterns("__pycache__"))
    before = [hash_names(name) for name in names]
    for file in copy.rglob("*.py"):
        file.write_text("# first\n" + file.read_text(encoding="utf-8") + "\n# last\n", encoding="utf-8")
    monkeypatch.setattr(parsed_module, "ROOT", copy)
    forget()
    assert [hash_names(name) for name in names] == before
    below = copy / "core" / "audio" / "crops.py"
    text = below.read_text(encoding="utf-8")
    assert "n_crops" in text
    below.write_text(text.replace("n_crops", "n_crops_"), encoding="utf-8")
    forget()
    changed = [hash_names(name) for name in names]
    forget()
    assert changed[0] != before[0] and changed[1:] == before[1:]
