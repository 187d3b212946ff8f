"""Networks of other libraries as a part of a model: built again from a description, with their weights in our checkpoint."""

from collections.abc import Callable

from torch import nn


def fill_in_buffers(network: nn.Module, build: Callable[[], nn.Module]) -> None:
    """Make the buffers that a state has no part of (positions), where a network was built without memory.

    Parameters
    ----------
    build : callable
        Builds the same network with memory.
    """
    lacking = [name for name, buffer in network.named_buffers() if buffer.is_meta]
    if not lacking:
        return
    whole = dict(build().named_buffers())
    for name in lacking:
        owner, _, last = name.rpartition(".")
        network.get_submodule(owner).register_buffer(last, whole[name], persistent=False)
