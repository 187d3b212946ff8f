"""Networks of other libraries within a model, rebuilt from a description when a checkpoint is loaded."""

from collections.abc import Callable

from torch import nn


def fill_in_buffers(network: nn.Module, build: Callable[[], nn.Module]) -> None:
    """Fill in the non-persistent buffers (positions) of a network that was built on the meta device.

    Parameters
    ----------
    build : callable
        Builds the same network on the CPU.
    """
    missing = [name for name, buffer in network.named_buffers() if buffer.is_meta]
    if not missing:
        return
    buffers = dict(build().named_buffers())
    for name in missing:
        owner, _, last = name.rpartition(".")
        network.get_submodule(owner).register_buffer(last, buffers[name], persistent=False)
