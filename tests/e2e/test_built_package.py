"""What is installed from a wheel works away from the source tree."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_wheel_holds_the_data_it_needs(tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(
        *pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT),
        cwd=tmp_path,
    )  # fmt: skip
    wheel = next(tmp_path.glob("papergraph-*.whl"))
    site = tmp_path / "site"
    run(*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel), cwd=tmp_path)
    # -P keeps the current folder off the path, so that only the installed copy can answer.
    shown = run(sys.executable, "-P", "-m", "api", "demo", cwd=tmp_path, PYTHONPATH=str(site))
    assert "SD-Turbo" in shown
    origin = run(
        sys.executable, "-P", "-c", "import api; print(api.__file__)",
        cwd=tmp_path, PYTHONPATH=str(site),
    )  # fmt: skip
    assert origin.startswith(str(site))
