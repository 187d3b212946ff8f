import pytest

from core.checkpoints.header import read_meta
from core.errors import CheckpointError


def refused(path, said=None, *, read=read_meta):
    with pytest.raises(CheckpointError, match=said) as found:
        read(path)
    assert "\n" not in str(found.value) and len(str(found.value)) < 600
