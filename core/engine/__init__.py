"""Where the work on single tracks runs: in threads of this process, or on the machines of a Ray cluster.

The same function of one track runs in either. The caller keeps what it returns, so that the store is written
in one place, in batches, as it is on one machine; an interrupted run loses at most one batch.
"""

from core.engine.attempt import Failed
from core.engine.engine import ENGINES, describe, is_installed, is_local, run_each, using

__all__ = ["ENGINES", "Failed", "describe", "is_installed", "is_local", "run_each", "using"]
