"""Builds the wheel and the sdist: the build backend of pyproject.toml (PEP 517).

Needs no other packages. The same sources give the same files, byte for byte.

    python3 build_backend.py [FOLDER]
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
DATE = (1980, 1, 1, 0, 0, 0)
"""Earliest date of a ZIP file."""
SOURCES = ("pyproject.toml", "build_backend.py", "README.md", "CHANGELOG.md")


def build_wheel(
    wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None
) -> str:
    """Builds the wheel and returns the name of its file."""
    name, version = _name_and_version()
    info = f"{name}-{version}.dist-info"
    files = _modules("")
    files[f"{info}/licenses/LICENSE"] = _license()
    files[f"{info}/METADATA"] = _metadata()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: latchkey\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, DATE)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return wheel


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """Builds the sdist and returns the name of its file."""
    name, version = _name_and_version()
    folder = f"{name}-{version}"
    files = {f"{folder}/{path}": (ROOT / path).read_bytes() for path in SOURCES}
    files[f"{folder}/LICENSE"] = _license()
    files[f"{folder}/PKG-INFO"] = _metadata()
    files.update(_modules(f"{folder}/src/"))
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, data in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    sdist = f"{folder}.tar.gz"
    Path(sdist_directory, sdist).write_bytes(gzip.compress(archive.getvalue(), mtime=0))
    return sdist


def _project() -> Mapping[str, Any]:
    project: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def _name_and_version() -> tuple[str, str]:
    source = (ROOT / "src/latchkey/__init__.py").read_text()
    match = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if match is None:
        raise ValueError("src/latchkey/__init__.py has no __version__.")
    return _project()["name"], match.group(1)


def _modules(folder: str) -> dict[str, bytes]:
    paths = sorted(
        path for path in (ROOT / "src").rglob("*") if path.suffix == ".py" or path.name == "py.typed"
    )
    return {f"{folder}{path.relative_to(ROOT / 'src').as_posix()}": path.read_bytes() for path in paths}


def _license() -> bytes:
    own = ROOT / "LICENSE"
    # In the repository, it is that of the product.
    return (own if own.exists() else ROOT.parent.parent / "LICENSE").read_bytes()


def _metadata() -> bytes:
    project = _project()
    name, version = _name_and_version()
    fields = [
        ("Metadata-Version", "2.4"),
        ("Name", name),
        ("Version", version),
        ("Summary", project["description"]),
        ("Keywords", ",".join(project["keywords"])),
        ("License-Expression", project["license"]),
        ("License-File", "LICENSE"),
        ("Requires-Python", project["requires-python"]),
        ("Description-Content-Type", "text/markdown"),
    ]
    head = "".join(f"{field}: {value}\n" for field, value in fields)
    return f"{head}\n{(ROOT / project['readme']).read_text()}".encode()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


if __name__ == "__main__":
    for build in (build_sdist, build_wheel):
        print(build(sys.argv[1] if len(sys.argv) > 1 else "."))
