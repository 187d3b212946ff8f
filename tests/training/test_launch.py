"""A training that ``accelerate launch`` or ``torchrun`` starts, in one process and in two."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core import store
from core.checkpoints.catalogue import list_checkpoints
from core.training.train_collection import train_model

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
TRAIN = ["core", "train", "small", "--model", "mlp-vae:table", "--set", "epochs=3", "--json"]


@pytest.fixture
def small(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.standard_normal((80, 6)), columns=list("abcdef"))
    table.to_csv(tmp_path / "t.csv", index=False)
    return collections.add(tmp_path / "t.csv", "small")


def launch(*command: str) -> dict:
    """Run a launcher and return the one JSON object that it prints."""
    env = {**os.environ, "SONGSCAPE_CACHE": str(store.root()), "HF_HOME": str(store.root() / "hf")}
    done = subprocess.run(
        [sys.executable, "-m", *command, "-m", *TRAIN],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def test_accelerate_launches_one_process_on_the_cpu(small):
    result = launch("accelerate.commands.launch", "--cpu", "--num_processes", "1")
    alone = train_model("small", "mlp-vae:table", {"epochs": "3"})["checkpoint"]
    rows = {each.name: each.meta["history"]["rows"] for each in list_checkpoints()}
    losses = [[row["train_total"] for row in rows[name]] for name in (result["checkpoint"], alone)]
    assert losses[0] == losses[1] and len(losses[0]) == 3


def test_two_processes_train_one_model_together(small):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    before = {each.name for each in list_checkpoints()}
    alone = train_model("small", "mlp-vae:table", {"epochs": "3"})["checkpoint"]
    before.add(alone)
    where = ["--master_addr", "127.0.0.1", "--master_port", port]
    result = launch("torch.distributed.run", "--nproc_per_node", "2", *where)
    made = [each for each in list_checkpoints() if each.name not in before]
    assert [each.name for each in made] == [result["checkpoint"]]
    rows = made[0].meta["history"]["rows"]
    assert len(rows) == 3 and all(np.isfinite(row["train_total"]) for row in rows)
    history = next(each.meta["history"]["rows"] for each in list_checkpoints() if each.name == alone)
    assert rows[0]["train_total"] != history[0]["train_total"]  # one process alone gives the same again
