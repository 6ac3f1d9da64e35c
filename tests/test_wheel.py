"""What is installed from the wheel works in an empty folder, with settings and without the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from pressgauge.settings import paths

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=300)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; what it depends on comes from this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=300)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--python",
        str(python),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True, timeout=300)
    return python


def run(python: Path, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PRESSGAUGE", "PYTHON"))
    }
    kept |= {"PYTHONPATH": sysconfig.get_paths()["purelib"], **environment}
    return subprocess.run(
        [str(python), *arguments],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_wheel_holds_every_settings_file_as_it_is_in_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in paths.NAMES:
            held = archive.read(f"pressgauge/settings/defaults/{name}.toml")
            assert held == (ROOT / "data" / f"{name}.toml").read_bytes()
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if "." not in top} == {"pressgauge", "collectors", "dashboard"}


def test_topics_are_known_in_an_empty_folder_and_reading_leaves_it_empty(
    python: Path, tmp_path: Path
) -> None:
    code = (
        "import pandas as pd, pressgauge as pg; assert 'site-packages' in pg.__file__, pg.__file__\n"
        "frame = pd.DataFrame({'url': ['https://a.example/1'], 'title': ['OpenAI keeps AI models']})\n"
        "print(len(frame.coverage.search('models', within='openai')))"
    )
    done = run(python, tmp_path, "-c", code)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_writes_the_settings_once_and_leaves_what_is_there(python: Path, tmp_path: Path) -> None:
    done = run(python, tmp_path, "-m", "pressgauge", "init")
    assert done.returncode == 0, done.stderr
    assert {file.stem for file in (tmp_path / "data").iterdir()} == set(paths.NAMES)
    (tmp_path / "data" / "topics.toml").write_text("# mine\n", encoding="utf-8")
    (tmp_path / "data" / "events.toml").unlink()
    again = run(python, tmp_path, "-m", "pressgauge", "init")
    assert "Wrote events.toml in" in again.stderr
    assert (tmp_path / "data" / "topics.toml").read_text(encoding="utf-8") == "# mine\n"
    assert "already" in run(python, tmp_path, "-m", "pressgauge", "init").stdout


def test_a_folder_data_of_another_package_does_not_become_the_home_of_settings(
    python: Path, tmp_path: Path
) -> None:
    site = python.parents[1] / Path(sysconfig.get_paths()["purelib"]).relative_to(sys.prefix) / "data"
    site.mkdir()
    try:
        done = run(python, tmp_path, "-c", "from pressgauge.settings import paths; print(paths.data_dir())")
    finally:
        site.rmdir()
    assert Path(done.stdout.strip()) == tmp_path / "data"


def test_another_package_named_dashboard_is_noticed_at_start(python: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "dashboard"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("", encoding="utf-8")
    ours = os.pathsep.join([str(tmp_path / "other"), sysconfig.get_paths()["purelib"]])
    done = run(python, tmp_path, "-m", "pressgauge", "--help", PYTHONPATH=ours)
    assert done.returncode == 1
    assert "another package is imported as dashboard" in done.stderr
