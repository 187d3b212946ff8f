"""A stand-in for the Hugging Face hub: repositories are folders on disk."""

import shutil
from pathlib import Path
from types import SimpleNamespace

from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError
from huggingface_hub.utils import filter_repo_objects


class Hub:
    """Downloads of ``repos`` (folder by name) into ``cache``, or nothing while it is offline."""

    def __init__(self, cache: Path, repos: dict[str, Path]):
        self.cache, self.repos, self.is_online = cache, repos, True
        self.fetched: list[str] = []

    def snapshot_download(
        self, repo, *, local_files_only=False, dry_run=False, ignore_patterns=(), tqdm_class=None
    ):
        """Behave like the library's function."""
        target = self.cache / repo.replace("/", "--")
        if local_files_only:
            if not target.is_dir():
                raise LocalEntryNotFoundError("not in the cache")
            return str(target)
        if repo not in self.repos:
            response = SimpleNamespace(headers={}, request=None, status_code=404)
            raise RepositoryNotFoundError("404", response=response)
        files = {
            path.relative_to(self.repos[repo]).as_posix(): path
            for path in sorted(self.repos[repo].rglob("*"))
            if path.is_file()
        }
        names = list(filter_repo_objects(files, ignore_patterns=ignore_patterns))
        if dry_run:
            return [SimpleNamespace(filename=name) for name in names]
        bar = tqdm_class(total=sum(files[name].stat().st_size for name in names), unit="B", unit_scale=True)
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(files[name], target / name)
            self.fetched.append(name)
            bar.update(files[name].stat().st_size)
        bar.close()
        return str(target)


def use(monkeypatch, hub: Hub) -> Hub:
    """Put a hub in the place of the real one."""
    monkeypatch.setattr("huggingface_hub.snapshot_download", hub.snapshot_download)
    monkeypatch.setattr("core.features.encoders.download.hub_answers", lambda: hub.is_online)
    return hub
