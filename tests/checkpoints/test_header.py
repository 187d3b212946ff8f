"""Invalid headers are refused without blocking or allocating memory."""

import copy
import json
import os

import pandas as pd
import pytest

from core.checkpoints.catalogue import SHIPPED, Checkpoint
from core.checkpoints.checkpoint import load_checkpoint
from core.checkpoints.header import read_meta
from core.collection import Collection
from core.errors import CheckpointError
from core.messages.latent_messages import describe_collapse, describe_latent_use
from tests.checkpoints.odd_files import META, TENSOR, fill, write
from tests.checkpoints.refusal import refused


def test_all_that_is_written_today_is_read(tmp_path):
    assert read_meta(write(tmp_path / "all.safetensors")) == META
    assert len([read_meta(path) for path in SHIPPED.glob("*.safetensors")]) >= 7


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"created": 5}, "created=5, which must be a date"),
        ({"created": "soon"}, "created='soon'"),
        ({"collection": "x"}, "collection='x', which must be a dictionary"),
        ({"collection": {"name": ["x"]}}, r"collection.name=\['x'\], which must be text"),
        ({"model": ["pca"]}, r"holds a \['pca'\]; the models here are"),
        ({"model": {"a": 1}}, "the models here are"),
        ({"format": True}, "format True"),
        ({"format": 1.0}, "format 1.0"),
        ({"input": {"name": "nonsense"}}, "'nonsense', which is no extractor here"),
        ({"input": {"name": "mel+nonsense"}}, "'nonsense', which is no extractor here"),
        ({"input": {"name": ["mel"]}}, "input.name="),
        ({"input": {"name": "mel", "config": 3}}, "input.config=3"),
        ({"input": {"name": "mel", "config": {"sr": {}}}}, r"input.config.sr=\{\}"),
        ({"input": {"name": "mel+tfidf", "config": {"audio": 3}}}, "input.config.audio=3"),
        (
            {"input": {"name": "table", "config": {"nothing": 1}}},
            "reads 'table' with invalid settings: Table has no field 'nothing'",
        ),
        ({"input": {"name": "musicnn+sentence"}}, "holds a mlp-vae, which reads one input, on 'musicnn"),
        ({"input_shape": {"audio": [3], "text": [3]}}, "which reads one input"),
        ({"model": "gated-vae"}, "which reads two inputs, on 'table'"),
        (
            {"model": "gated-vae", "input": {"name": "table+tfidf", "config": {"text": {"sr": 1}}}},
            "has no field 'sr'",
        ),
        ({"n_labels": 10**12}, "n_labels=1000000000000, which must be"),
        ({"config": {"latent_dim": 10**9}}, "config.latent_dim=1000000000, which must be"),
        ({"config": {"latent_dim": "x"}}, "config.latent_dim='x'"),
        ({"config": {"hidden": [3, 10**9]}}, r"config.hidden=\[3, 1000000000\]"),
        ({"input_shape": []}, "no shape"),
        ({"input_shape": [1 << 20, 1 << 20]}, "too large"),
        ({"input_shape": [True]}, r"input_shape\[0\]=True"),
        ({"input_shape": {"audio": [3]}}, "lacks input_shape.text"),
        ({"n_labels": -1}, "n_labels=-1"),
        ({"n_labels": 0.5}, "n_labels=0.5"),
        ({"latent_dim": "many"}, "latent_dim='many'"),
        ({"sees_labels": "no"}, "sees_labels='no', which must be true or false"),
        ({"labels": ["a", "a"]}, "twice"),
        ({"labels": [1]}, r"labels\[0\]=1"),
        ({"config": {"beta": "high"}}, "config.beta='high'"),
        ({"config": []}, r"config=\[\]"),
        ({"training": {"epochs": "x" * 999}}, "training.epochs='x{59}…, which"),
        ({"history": {"rows": [3]}}, r"history.rows\[0\]=3"),
        ({"history": {"rows": [{"epoch": 1}]}}, r"lacks history.rows\[0\].train_total"),
        ({"history": {"rows": [{"epoch": 1, "train_total": "low"}]}}, "train_total='low'"),
        (
            {"history": {"rows": [{"epoch": 1, "train_total": 1, **{f"train_{i}": 1 for i in range(40)}}]}},
            "more than 32 columns",
        ),
        ({"figures": {"active_units": 3}}, "lacks figures.latent_dim"),
        ({"figures": {"kl_per_dimension": ["a"]}}, r"kl_per_dimension\[0\]='a'"),
        ({"folds": {"rows": []}}, "lacks folds.mean"),
        ({"note": 1 << 70}, "too large"),
        ({"collection": {"name": "\ud800"}}, "can't be read: 'utf-8' codec"),
    ],
)
def test_metadata_that_can_not_be_relied_on_are_refused(tmp_path, changed, said):
    refused(write(tmp_path / "odd.safetensors", META | changed), said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ('{"note": %s}' % ("[" * 50 + "]" * 50), "nested too deeply"),
        ('{"seconds": NaN}', "not finite"),
        ('{"seconds": -Infinity}', "not finite"),
        ('{"seconds": 1e999}', "not finite"),
        ('{"seconds": %s}' % ("9" * 5_000), "can't be read"),
        ('{"model": "pca", "model": "mae"}', "a key occurs twice"),
        ("{", "can't be read"),
        ("[]", "no dictionary"),
        ("3", "no dictionary"),
    ],
)
def test_a_description_that_is_no_plain_json_is_refused(tmp_path, text, said):
    refused(write(tmp_path / "odd.safetensors", text), said)
    refused(write(tmp_path / "odd.safetensors", header=text))


@pytest.mark.parametrize("metadata", [3, None, [], {}, {"songscape": {}}, {"songscape": None}])
def test_a_header_without_our_text_is_not_ours(tmp_path, metadata):
    refused(
        write(tmp_path / "odd.safetensors", header=json.dumps({"__metadata__": metadata, "w": TENSOR})),
        "Songscape didn't write|is damaged",
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (3, "is damaged"),
        (TENSOR | {"dtype": "F33"}, "is damaged"),
        (TENSOR | {"dtype": ["F32"]}, "is damaged"),
        (TENSOR | {"dtype": "I32"}, "w of type I32, which is no type of weights"),
        (TENSOR | {"dtype": "I64", "data_offsets": [0, 48]}, "is damaged"),
        (TENSOR | {"shape": 6}, "is damaged"),
        (TENSOR | {"shape": [-2, -3]}, "is damaged"),
        (TENSOR | {"shape": [2.0, 3]}, "is damaged"),
        (TENSOR | {"shape": [2, 4]}, "is damaged"),
        (TENSOR | {"shape": [1 << 62, 1 << 62]}, "is damaged"),
        (TENSOR | {"dtype": "F16"}, "is damaged"),
        (TENSOR | {"data_offsets": [0]}, "is damaged"),
        (TENSOR | {"data_offsets": [24, 0]}, "is damaged"),
        (TENSOR | {"data_offsets": [-24, 0]}, "is damaged"),
        (TENSOR | {"data_offsets": [1000, 1024]}, "is damaged"),
        (TENSOR | {"data_offsets": None}, "is damaged"),
    ],
)
def test_tensors_that_are_not_where_the_header_says_are_refused(tmp_path, entry, said):
    refused(write(tmp_path / "odd.safetensors", tensors={"w": entry}), said)


def test_tensors_that_share_or_leave_bytes_are_refused(tmp_path):
    one = {"dtype": "BOOL", "shape": [12]}
    read_meta(
        write(
            tmp_path / "good.safetensors",
            tensors={"b": one | {"data_offsets": [12, 24]}, "a": one | {"data_offsets": [0, 12]}},
        )
    )
    for begin in (4, 0):
        tensors = {"a": one | {"data_offsets": [begin, begin + 12]}, "b": one | {"data_offsets": [12, 24]}}
        if begin == 0:
            tensors |= {"a": {"dtype": "BOOL", "shape": [8], "data_offsets": [0, 8]}}
        refused(write(tmp_path / "odd.safetensors", tensors=tensors), "is damaged")
    refused(write(tmp_path / "odd.safetensors", tensors={"a\nb": TENSOR}), "an invalid name")


def test_what_is_no_readable_file_is_refused_at_once(tmp_path):
    fill(tmp_path)
    for name in ("fifo", "folder", "dangling", "circle"):
        for read in (read_meta, load_checkpoint):
            refused(tmp_path / f"{name}.safetensors", "can't be read", read=read)
    refused(tmp_path / ("x" * 300 + ".safetensors"), "too long")
    refused("a\0b.safetensors", "null")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = write(tmp_path / "secret.safetensors")
    path.chmod(0)
    refused(path, "Permission denied")


ODD = [None, True, -1, 5, 1.5, 1 << 62, "x", "", [], ["x"], [[1]], {}, {"x": 1}, {"audio": {}, "text": 3}]


def places(value, path=()):
    """Walk through every place of a JSON value."""
    yield path
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(item, (*path, key))


@pytest.mark.slow
def test_whatever_is_accepted_can_be_listed_and_drawn(tmp_path):
    """Each place of the metadata in turn holds each odd value, or is missing."""
    from core.checkpoints.catalogue import is_trained_on
    from core.jobs.work import describe_checkpoint
    from core.ui.models import checkpoint_details, checkpoint_list, loss_curves
    from core.ui.models import fold_results as folds

    songs = Collection("songs", pd.DataFrame({"track_id": ["a" * 32]}), info={"source": "/music"})
    accepted = n = 0
    for place in places(META):
        for odd in (*ODD, ...):
            meta = copy.deepcopy(META)
            at = meta
            for key in place[:-1]:
                at = at[key]
            if not place:
                meta = odd
            elif odd is ...:
                del at[place[-1]]
            else:
                at[place[-1]] = odd
            if meta is ...:
                continue
            n += 1
            path = write(tmp_path / "odd.safetensors", meta)
            try:
                meta = read_meta(path)
            except CheckpointError:
                continue
            accepted += 1
            checkpoint = Checkpoint("odd", path, meta)
            (
                describe_checkpoint(checkpoint),
                is_trained_on(checkpoint, songs.name, songs.info),
                checkpoint_list._row(checkpoint),
            )
            " ".join(checkpoint_details.describe_facts(meta)), checkpoint_details.collection_of(checkpoint)
            figures = meta.get("figures", {})
            describe_latent_use(figures), describe_collapse(figures, meta["config"])
            if place[:1] == ("figures",):
                loss_curves.kl_figure(figures.get("kl_per_dimension", []), figures.get("active_units", 0))
            if place[:1] == ("history",) and (rows := checkpoint_details.history_of(meta)):
                for title, terms in loss_curves.panels_of(pd.DataFrame(rows)).items():
                    loss_curves.curves_figure(pd.DataFrame(rows), title, terms)
            if meta.get("folds"):
                folds.folds_table(meta["folds"])
    assert n > 1000 and accepted > 50
