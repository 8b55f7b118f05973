"""File with the token of a service, which several processes may read and replace."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path

_READ_PAUSE = 1
"""Seconds for which the content is kept, so that requests do not each read the file."""
_LOCK_MAX = 300
"""Age in seconds of a lock whose process has ended without removing it. A rotation takes three requests of up
to 30 seconds."""
_RESERVED = 1_024
"""Space that is reserved for a token before it is rotated, in bytes."""


class TokenFile:
    """File with a token. Threads may read it at the same time, but only one may replace it."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._content = ""
        self._read_at = -inf
        """Time at which the content was stored, or its read began."""
        self._lock = threading.Lock()

    def read(self) -> str:
        """Returns the token, at most a second after another process has replaced it."""
        is_current = time.monotonic() - self._read_at < _READ_PAUSE
        return self._content if is_current else self._read_now()

    def stored_at(self) -> float:
        """Returns the time at which the token was stored, in milliseconds since 1970."""
        return self._path.stat().st_mtime * 1_000

    def replace(self, renew: Callable[[str], str | None]) -> bool:
        """Replaces the token, unless another process does so at the same time.

        `renew` returns the new token for the current one; `None` if it needs no replacement. It is called
        once there is certainly space for the new one. Returns whether it was called. Raises an error if the
        file cannot be changed.
        """
        # The target of a symbolic link, which stays as it is.
        path = self._path.resolve(strict=True)
        mode = path.stat().st_mode
        if mode & 0o222 == 0:
            raise PermissionError(f"{self._path} is read-only.")
        os.close(os.open(path, os.O_RDWR))
        replacement = path.with_name(f"{path.name}.new")
        descriptor = _lock(replacement)
        if descriptor is None:
            return False
        try:
            os.write(descriptor, b" " * _RESERVED)
            token = renew(self._read_now())
            if token is not None:
                _store(token, descriptor, replacement, path)
                with self._lock:
                    self._content = token
                    self._read_at = time.monotonic()
        finally:
            if _is_at(replacement, descriptor):
                replacement.unlink(missing_ok=True)
            os.close(descriptor)
        return True

    def _read_now(self) -> str:
        started_at = time.monotonic()
        try:
            text = self._path.read_text().strip()
        except OSError:
            # While another process replaces it, the file may be missing or empty.
            if self._content == "":
                raise
            text = ""
        with self._lock:
            # Otherwise a replacement, or a read that began later, has newer content.
            if started_at >= self._read_at:
                if not text and not self._content:
                    raise ValueError(f"{self._path} is empty. Write the token of this service into it.")
                self._content = text or self._content
                self._read_at = started_at
            return self._content


def _lock(path: Path) -> int | None:
    """Creates a file, which is the lock too; returns `None` if another process has."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        try:
            age = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            age = 0
        if age > _LOCK_MAX:
            path.unlink(missing_ok=True)
        return None


def _store(token: str, descriptor: int, replacement: Path, path: Path) -> None:
    text = f"{token}\n".encode()
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text)
    os.truncate(descriptor, len(text))
    os.fsync(descriptor)
    try:
        _copy_access(path, descriptor)
        if not _is_at(replacement, descriptor):
            raise FileNotFoundError("Another process has removed the lock.")
        os.replace(replacement, path)
    except OSError:
        # The file is a mount point, for example in a container, or belongs to another user.
        with path.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def _copy_access(path: Path, descriptor: int) -> None:
    """Copies the owner and the mode of a file, regardless of the umask of this process."""
    kept, created = path.stat(), os.fstat(descriptor)
    if (created.st_uid, created.st_gid) != (kept.st_uid, kept.st_gid):
        os.chown(descriptor, kept.st_uid, kept.st_gid)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, kept.st_mode & 0o777)


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether a path names an open file.

    After a long pause of this process, it can be the lock of another one.
    """
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except OSError:
        return False
