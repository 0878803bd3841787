"""Setting up the environment: what is taken for ready, and what a user is told otherwise."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import bootstrap
from bootstrap import SetUpError, Stamp

NO_INDEX = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/index",
    "PIP_NO_CACHE_DIR": "1",
}

PYTHON = Path(sys.executable)


@pytest.fixture
def checkout(tmp_path: Path, root: Path) -> Path:
    """Give a checkout without environment, in a folder with a space in its name."""
    folder = tmp_path / "my checkout"
    shutil.copytree(root / "scripts", folder / "scripts")
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        shutil.copy(root / name, folder)
    return folder


def start_make(checkout: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout),
        "TMPDIR": str(checkout.parent),
        **variables,
    }
    return subprocess.Popen(
        ["make", *words],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_make(checkout: Path, *words: str, **variables: str) -> tuple[int, str, str]:
    process = start_make(checkout, *words, **variables)
    stdout, stderr = process.communicate(timeout=120)
    return process.returncode, stdout, stderr


def pretend_ready(checkout: Path) -> Path:
    """Put an empty environment there that says it is finished."""
    venv = checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    Stamp.of(checkout).write(venv)
    return venv


def write_command(checkout: Path, script: str) -> Path:
    """Put a command there that writes down what it is asked, and does as a script says."""
    folder = pretend_ready(checkout) / "bin"
    command = folder / "annual-report"
    command.write_text(f'#!/bin/sh\necho "$@" >> "$FOLDER/said"\n{script}\n', encoding="utf-8")
    command.chmod(0o755)
    return checkout / "said"


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class TestMake:
    def test_alone_is_help_and_needs_no_environment(self, checkout: Path) -> None:
        code, stdout, stderr = run_make(checkout)
        assert (code, stderr) == (0, "")
        targets = {line.split()[0] for line in stdout.splitlines() if line.startswith("  ")}
        assert {
            *("help", "report", "check", "survey", "lab", "test", "lint", "bench", "clean"),
            *("EDITION", "CLUSTER", "JOBS", "SCHEDULER"),
        } <= targets
        assert not (checkout / ".venv").exists()

    def test_passes_its_variables_on(self, checkout: Path) -> None:
        code, stdout, _ = run_make(
            checkout, "--dry-run", "report", "EDITION=2023", "JOBS=2", "SCHEDULER=tcp://h:1"
        )
        assert code == 0
        words = " ".join(stdout.replace("\\\n", " ").split())
        assert 'report "2023" --jobs "2" --scheduler "tcp://h:1"' in words

    @pytest.mark.parametrize("words", [(), ("DELIVER=there",)], ids=["alone", "to deliver"])
    def test_that_is_ended_ends_its_command(self, checkout: Path, words: tuple[str, ...]) -> None:
        said = write_command(checkout, 'echo $$ > "$FOLDER/pid"; exec sleep 600')
        process = start_make(checkout, "report", *words, FOLDER=str(said.parent))
        wait_until(lambda: (said.parent / "pid").exists() and (said.parent / "pid").read_text())
        pid = int((said.parent / "pid").read_text())
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode != 0
        wait_until(lambda: not is_alive(pid))
        assert said.read_text().split() == ["report", "example"]

    @pytest.mark.parametrize(("code", "delivered"), [(0, True), (3, True), (2, False)])
    def test_delivers_what_was_made_and_keeps_the_exit_code(
        self, checkout: Path, code: int, delivered: bool
    ) -> None:
        said = write_command(checkout, f'[ "$1" = deliver ] || exit {code}')
        made, _, stderr = run_make(checkout, "report", "DELIVER=there", FOLDER=str(said.parent))
        assert made == (2 if code else 0)
        assert (f"Error {code}" in stderr) == bool(code)
        assert said.read_text().splitlines()[1:] == ["deliver example there"] * delivered

    def test_leaves_out_what_is_not_set(self, checkout: Path) -> None:
        _, stdout, _ = run_make(checkout, "--dry-run", "survey")
        assert 'survey "example"' in stdout
        assert "--cluster" not in stdout

    def test_without_a_python_says_so(self, checkout: Path) -> None:
        code, _, stderr = run_make(checkout, "report", "PYTHON=python-of-nowhere")
        assert code != 0
        assert "there is no python-of-nowhere here: install Python 3.11" in stderr


OLD_PYTHONS = ("python2.7", "python3.6", "python3.8", "python3.9", "python3.10")


def answers(python: str) -> bool:
    """Whether a command is the Python that it is called; a shim may be none."""
    return subprocess.run([python, "-V"], capture_output=True, check=False).returncode == 0


class TestOldPythons:
    def test_are_told_so_in_one_line(self, root: Path) -> None:
        """This Python plays the old one; the next test asks real ones where there are any."""
        script = root / "scripts" / "environment.py"
        play = (
            "import runpy, sys; sys.version_info = (3, 8, 1);"
            f"runpy.run_path({str(script)!r}, run_name='__main__')"
        )
        done = subprocess.run(
            [sys.executable, "-c", play], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "Python 3.8" in done.stderr
        assert "install Python 3.11 or newer" in done.stderr

    def test_understand_the_check(self, root: Path) -> None:
        script = root / "scripts" / "environment.py"
        found = [path for name in OLD_PYTHONS if (path := shutil.which(name)) and answers(path)]
        if not found:
            pytest.skip(f"none of {', '.join(OLD_PYTHONS)} here")
        for python in found:
            done = subprocess.run([python, script], capture_output=True, text=True, check=False)
            assert done.returncode == 1
            assert "too old" in done.stderr
            assert "Traceback" not in done.stderr

    def test_need_no_newer_syntax(self, root: Path) -> None:
        tree = ast.parse((root / "scripts" / "environment.py").read_text(), feature_version=(3, 4))
        newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr)
        assert not any(isinstance(node, newer) for node in ast.walk(tree))


class TestReadiness:
    def test_a_finished_environment_is_used_as_it_is(self, checkout: Path) -> None:
        venv = pretend_ready(checkout)
        before = sorted(venv.rglob("*"))
        assert bootstrap.set_up_venv(checkout, venv) == venv / "bin"
        assert sorted(venv.rglob("*")) == before

    @pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
    def test_a_changed_file_is_noticed(self, checkout: Path, name: str) -> None:
        venv = pretend_ready(checkout)
        with (checkout / name).open("a") as handle:
            handle.write("# changed\n")
        assert Stamp.read(venv) != Stamp.of(checkout)

    def test_a_moved_folder_needs_another_environment(self, checkout: Path) -> None:
        pretend_ready(checkout)
        moved = checkout.rename(checkout.with_name("moved"))
        before = Stamp.read(moved / ".venv")
        assert before is not None
        assert not Stamp.of(moved).has_same_base(before)

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"python": "3.11"}'])
    def test_a_damaged_stamp_is_none(self, tmp_path: Path, text: str) -> None:
        (tmp_path / bootstrap.STAMP).write_text(text)
        assert Stamp.read(tmp_path) is None

    def test_a_python_that_is_gone_is_noticed(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        venv = pretend_ready(checkout)
        (venv / "bin" / "python").unlink()
        built: list[Path] = []
        monkeypatch.setattr(bootstrap, "build_venv", lambda _root, venv, _stamp: built.append(venv))
        bootstrap.set_up_venv(checkout, venv)
        assert built == [venv]

    def test_an_interrupted_set_up_is_begun_afresh(self, checkout: Path) -> None:
        """The index answers the phone and says nothing; then the power goes."""
        with socket.create_server(("127.0.0.1", 0)) as index:
            address = f"http://127.0.0.1:{index.getsockname()[1]}/index"
            process = start_make(checkout, "check", **NO_INDEX | {"PIP_INDEX_URL": address})
            index.settimeout(60)
            caller, _ = index.accept()
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            caller.close()
        assert (checkout / ".venv" / "bin" / "python").exists()

        code, _, stderr = run_make(checkout, "check", **NO_INDEX)
        assert code != 0
        told = [line for line in stderr.splitlines() if not line.startswith("make")]
        assert told[0] == "annual-report: setting up .venv from requirements.lock, once"
        assert told[1].startswith("annual-report: no package index in reach: connect to the")
        assert len(told) == 2

    def test_two_makes_do_not_build_at_once(self, checkout: Path) -> None:
        holder = (
            "import bootstrap, pathlib, sys\n"
            "with bootstrap.hold_lock(pathlib.Path(sys.argv[1])):\n"
            "    print('held', flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", holder, checkout],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=checkout / "scripts",
        ) as first:
            assert first.stdout is not None
            assert first.stdout.readline() == b"held\n"
            second = start_make(checkout, "check", **NO_INDEX)
            assert second.stderr is not None
            assert "waiting for another make" in second.stderr.readline()
            pretend_ready(checkout)  # the first one's work
            first.communicate(b"")
        _, stderr = second.communicate(timeout=60)
        assert "setting up" not in stderr


class TestConda:
    def test_an_environment_with_all_packages_is_used(self, root: Path) -> None:
        python = Path(sys.prefix) / "bin" / "python"
        assert bootstrap.find_lacking(python, bootstrap.read_requirements(root)) == []

    def test_what_is_missing_or_too_old_is_named(self) -> None:
        wanted = {"pandas": "2.3", "pytest": "1000.1", "no-such-package": ""}
        lacking = bootstrap.find_lacking(Path(sys.executable), wanted)
        assert lacking == ["pytest>=1000.1", "no-such-package"]

    def test_an_environment_for_something_else_is_left_alone(
        self, tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
        assert bootstrap.find_conda_commands(root, tmp_path) is None
        assert capsys.readouterr().err == ""
        assert Stamp.read(tmp_path) is None


class TestSettingsOfPip:
    def translate(self, tmp_path: Path, settings: str, **variables: str) -> dict[str, str]:
        file = tmp_path / "pip.conf"
        file.write_text(f"[global]\n{settings}\n")
        given = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": str(file)}
        return bootstrap.translate_settings(given | variables, PYTHON)

    def test_index_and_certificates_reach_uv(self, tmp_path: Path) -> None:
        found = self.translate(
            tmp_path, "index-url = https://user:word@index.example/a\ncert = /etc/ca.pem"
        )
        assert found["UV_DEFAULT_INDEX"] == "https://user:word@index.example/a"
        assert found["SSL_CERT_FILE"] == "/etc/ca.pem"

    def test_further_indexes_that_are_no_addresses_stay_out(self, tmp_path: Path) -> None:
        found = self.translate(
            tmp_path, "extra-index-url =\n    file:///srv/more\n    https://more.example/a"
        )
        assert found["UV_INDEX"] == "https://more.example/a"

    def test_a_variable_is_stronger_than_a_file(self, tmp_path: Path) -> None:
        found = self.translate(
            tmp_path, "index-url = https://file.example", PIP_INDEX_URL="https://variable.example"
        )
        assert found["UV_DEFAULT_INDEX"] == "https://variable.example"

    @pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
    def test_what_is_set_for_uv_stays(self, tmp_path: Path, name: str) -> None:
        found = self.translate(
            tmp_path,
            "index-url = https://pip.example\ncert = /pip.pem",
            **{name: "https://uv.example", "SSL_CERT_FILE": "/uv.pem"},
        )
        assert found[name] == "https://uv.example"
        assert "https://pip.example" not in found.values()
        assert found["SSL_CERT_FILE"] == "/uv.pem"

    def test_nothing_set_means_nothing_given(self, tmp_path: Path) -> None:
        found = self.translate(tmp_path, "", PIP_CONFIG_FILE=os.devnull)
        assert not {"UV_DEFAULT_INDEX", "UV_INDEX", "SSL_CERT_FILE", "UV_NO_INDEX"} & {*found}


class TestWords:
    @pytest.mark.parametrize(
        ("output", "told"),
        [
            (
                "Failed to establish a new connection\nERROR: No matching distribution for uv==0.1",
                "no package index in reach",
            ),
            ("error: Request failed after 3 retries\n  Caused by: dns error", "no package index"),
            (
                "Max retries exceeded (SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate'))",
                "not trusted here: set PIP_CERT and SSL_CERT_FILE",
            ),
            ("Caused by: invalid peer certificate: UnknownIssuer", "not trusted here"),
            ("error: Hash mismatch for `six==1.17.0`", "not the one of requirements.lock"),
            ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one of"),
            ("noise\nERROR: 401 Client Error: Unauthorized", ": 401 Client Error: Unauthorized"),
        ],
    )
    def test_a_failure_is_told_with_what_to_do(self, output: str, told: str) -> None:
        line = bootstrap.explain("", output)
        assert told in line
        assert "\n" not in line

    def test_a_python_without_venv_is_told_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bootstrap, "find_spec", lambda name: name != "ensurepip" or None)
        with pytest.raises(SetUpError, match=r"lacks venv: install it .*python3-venv"):
            bootstrap.create_venv(tmp_path, tmp_path / "log")

    def test_a_full_disk_is_no_traceback(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fill(_root: Path) -> Path:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(bootstrap, "find_commands", fill)
        assert bootstrap.main() == 1
        assert capsys.readouterr().err.endswith("No space left on device\n")


def test_one_package_is_extracted_from_the_lock_with_all_its_hashes(root: Path) -> None:
    lock = (root / "requirements.lock").read_text()
    extracted = bootstrap.extract_requirement(lock, "six")
    first, *hashes = extracted.strip().split("\n")
    assert first.startswith("six==")
    assert len(hashes) == 2
    assert all("--hash=sha256:" in line for line in hashes)


def test_a_lock_without_the_package_says_so() -> None:
    with pytest.raises(SetUpError, match="lacks uv"):
        bootstrap.extract_requirement("uv-build==1.0 \\\n    --hash=sha256:0\n", "uv")
