"""Set up the environment that the commands run in: an active conda environment, or `.venv`.

Only the standard library, because nothing else is there yet. What can go wrong on somebody
else's machine is told in one line with what to do about it.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMP = "annual-report.json"
AGAIN = "then run make again"


class SetUpError(Exception):
    """An environment that cannot be set up, told in one line."""


@dataclass(frozen=True)
class Stamp:
    """What an environment was built from; it is written last, so half a build has none."""

    python: str
    root: str
    lock: str
    project: str

    @classmethod
    def of(cls, root: Path) -> Stamp:
        """Describe the environment that this Python would build for a project."""
        version = ".".join(map(str, sys.version_info[:3]))
        python = f"{sys.implementation.name} {version} in {sys.base_prefix}"
        lock, project = (
            hashlib.sha256((root / name).read_bytes()).hexdigest()
            for name in ("requirements.lock", "pyproject.toml")
        )
        return cls(python, str(root), lock, project)

    @classmethod
    def read(cls, environment: Path) -> Stamp | None:
        """Read the stamp of a finished environment; there is none in any other."""
        try:
            return cls(**json.loads((environment / STAMP).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, environment: Path) -> None:
        """Call an environment finished."""
        beside = environment / f"{STAMP}.{os.getpid()}"
        beside.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        beside.replace(environment / STAMP)

    def has_same_base(self, other: Stamp) -> bool:
        """Whether both are of one Python and one folder; a venv cannot change either."""
        return (self.python, self.root) == (other.python, other.root)


def main() -> int:
    """Print the folder of the commands; say in one line why there is none."""
    try:
        print(find_commands(ROOT))
    except SetUpError as error:
        print(f"annual-report: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"annual-report: cannot set up the environment: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("annual-report: set-up interrupted; make starts it afresh", file=sys.stderr)
        return 130
    return 0


def find_commands(root: Path) -> Path:
    """Find the folder of commands, in the active conda environment or in `.venv`."""
    if sys.platform == "win32":
        raise SetUpError("make needs Linux or macOS: on Windows, use it inside WSL")
    conda = os.environ.get("CONDA_PREFIX")
    if conda and (commands := find_conda_commands(root, Path(conda))):
        return commands
    return set_up_venv(root, root / ".venv")


# conda --------------------------------------------------------------------------------------

# Runs in the conda environment's own Python: prints the version of each package it has.
_ASK_VERSIONS = """
import importlib.metadata as m, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = m.version(name)
    except m.PackageNotFoundError:
        pass
print(json.dumps([list(sys.version_info[:2]), found]))
"""


def find_conda_commands(root: Path, conda: Path) -> Path | None:
    """Find the commands of the active conda environment, if it is one of environment.yml."""
    commands = conda / "bin"
    wanted = read_requirements(root)
    lacking = find_lacking(commands / "python", wanted)
    if lacking:
        if len(lacking) < len(wanted) / 2:  # made from an older environment.yml, it seems
            print(
                f"annual-report: using .venv, because the conda environment {conda.name} lacks "
                f"{', '.join(lacking)}: conda env update --file environment.yml adds that",
                file=sys.stderr,
            )
        return None
    if Stamp.read(conda) != (stamp := Stamp.of(root)):
        with hold_lock(root):
            log = conda / "annual-report.log"
            install_project(root, [str(commands / "python"), "-m", "pip"], dict(os.environ), log)
            stamp.write(conda)
    return commands


def read_requirements(root: Path) -> dict[str, str]:
    """Read name and lowest version of each package that pyproject.toml asks for."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    lists += pyproject["dependency-groups"].values()
    pairs = [requirement.partition(">=") for requirements in lists for requirement in requirements]
    return {name.strip(): bound.strip() for name, _, bound in pairs}


def find_lacking(python: Path, wanted: Mapping[str, str]) -> list[str]:
    """Find which packages a Python lacks or has too old; all of them if it cannot say."""
    try:
        version, found = ask_versions(python, list(wanted))
    except (OSError, subprocess.CalledProcessError, ValueError):
        return list(wanted)
    if version < (3, 11):
        return list(wanted)
    return [
        f"{name}>={bound}" if bound else name
        for name, bound in wanted.items()
        if name not in found or order_version(found[name]) < order_version(bound)
    ]


def ask_versions(python: Path, names: Sequence[str]) -> tuple[tuple[int, ...], dict[str, str]]:
    """Ask a Python for its version, and for those of the packages that it has."""
    command = [str(python), "-c", _ASK_VERSIONS, *names]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    version, found = json.loads(asked.stdout)
    return tuple(version), found


def order_version(version: str) -> tuple[int, ...]:
    """Order releases by their numbers: 3.10 comes after 3.9."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


# .venv --------------------------------------------------------------------------------------


def set_up_venv(root: Path, venv: Path) -> Path:
    """Set up `.venv` from requirements.lock, unless it is there already."""
    commands, stamp = venv / "bin", Stamp.of(root)

    def is_ready() -> bool:
        return Stamp.read(venv) == stamp and (commands / "python").exists()

    if not is_ready():
        with hold_lock(root):
            if not is_ready():  # another make may have built it while this one waited
                build_venv(root, venv, stamp)
    return commands


def build_venv(root: Path, venv: Path, stamp: Stamp) -> None:
    """Build `.venv`, or only that part of it whose stamp is out of date."""
    before, start = Stamp.read(venv), time.monotonic()
    (venv / STAMP).unlink(missing_ok=True)
    python, log = venv / "bin" / "python", venv / "set-up.log"
    if not (before and python.exists() and stamp.has_same_base(before)):
        before = None
        say("setting up .venv from requirements.lock, once")
        create_venv(venv, log)
    environment = translate_settings(os.environ, python)
    if not before:
        install_uv(root, python, environment, log)
    uv = [str(venv / "bin" / "uv"), "pip"]
    if not (before and before.lock == stamp.lock):
        lock = str(root / "requirements.lock")
        run([*uv, "sync", "--python", str(python), "--require-hashes", lock], environment, log)
    install_project(root, uv, {**environment, "VIRTUAL_ENV": str(venv)}, log)
    stamp.write(venv)
    say(f".venv is up to date after {time.monotonic() - start:.0f} s")


def say(words: str) -> None:
    """Tell the user; standard output is for the answer to make."""
    print(f"annual-report: {words}", file=sys.stderr, flush=True)


def create_venv(venv: Path, log: Path) -> None:
    """Create an empty `.venv` with pip in it."""
    if not (find_spec("venv") and find_spec("ensurepip")):
        raise SetUpError(
            f"Python at {sys.executable} lacks venv: install it (on Debian and Ubuntu, the package "
            "python3-venv), or name another Python with make PYTHON=/path/to/python3"
        )
    # not sys.executable, which may be the one of the environment that is cleared here
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run(
        [base, "-m", "venv", "--clear", str(venv)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise SetUpError(
            f"Python at {base} cannot make .venv: {find_error(made.stdout, made.stderr)}"
        )
    log.write_text("", encoding="utf-8")


def install_uv(root: Path, python: Path, environment: Mapping[str, str], log: Path) -> None:
    """Install the uv of requirements.lock, by pip because nothing else is there."""
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        requirement = Path(folder) / "uv.txt"
        requirement.write_text(extract_requirement(lock, "uv"), encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "--no-deps", "-r", str(requirement)], environment, log)


def extract_requirement(lock: str, name: str) -> str:
    """Extract one package of a lock, with its hashes."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*$", lock, re.MULTILINE)
    if not found:
        raise SetUpError(f"requirements.lock lacks {name}: run make lock where it is installed")
    return found[0] + "\n"


def install_project(
    root: Path, installer: list[str], environment: Mapping[str, str], log: Path
) -> None:
    """Install this project itself, as it stands in its folder, without network."""
    offline = {**environment, "UV_OFFLINE": "1", "PIP_NO_INDEX": "1"}
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", str(root)]
    run([*installer, "install", *options], offline, log)


# settings of pip, for uv ---------------------------------------------------------------------


def translate_settings(variables: Mapping[str, str], python: Path) -> dict[str, str]:
    """Give uv the index, proxy and certificates that a user has set for pip.

    What is set for uv itself stays. The lock's hashes make it safe to take a release from
    whichever index has it, as pip does.
    """
    pip = read_pip_settings(variables, python)
    given = {
        "UV_DEFAULT_INDEX": keep_addresses(pip.get("index-url")),
        "UV_INDEX": keep_addresses(pip.get("extra-index-url")),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"} else "",
        "UV_INSECURE_HOST": pip.get("trusted-host", ""),
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": pip.get("cert") or variables.get("REQUESTS_CA_BUNDLE", ""),
        "HTTPS_PROXY": pip.get("proxy", ""),
    }
    older = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}
    missing = {
        name: value
        for name, value in given.items()
        if value and not variables.get(name) and not variables.get(older.get(name, name))
    }
    return {
        "PIP_RETRIES": "1",  # pip's own five keep a user without an index waiting for a minute
        **variables,
        **missing,
        "PIP_USER": "0",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def read_pip_settings(variables: Mapping[str, str], python: Path) -> dict[str, str]:
    """Read what pip would use, from its files and variables, the stronger over the weaker."""
    listed = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        capture_output=True, text=True, check=False, env=dict(variables),
    )  # fmt: skip
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.stdout.splitlines():
        setting = re.fullmatch(r"(global|install|:env:)\.([\w-]+)=('.*'|\".*\")", line.strip())
        if setting:
            section, name, value = setting.groups()
            found[section][name] = str(ast.literal_eval(value))
    return found["global"] | found["install"] | found[":env:"]


def keep_addresses(indexes: str | None) -> str:
    """Keep the indexes that uv can use as pip does: those that are asked over a network."""
    return " ".join(
        index for index in (indexes or "").split() if index.startswith(("https://", "http://"))
    )


# running ------------------------------------------------------------------------------------


@contextlib.contextmanager
def hold_lock(root: Path) -> Iterator[None]:
    """Hold the set-up, so that two makes do not build one environment at once."""
    import fcntl

    with (root / ".venv.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another make that is setting up the environment")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(command: list[str], environment: Mapping[str, str], log: Path) -> None:
    """Run one step of the set-up; all it prints goes to the log."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(environment),
    )  # fmt: skip
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}\n")
    if done.returncode:
        raise SetUpError(f"{explain(done.stdout, done.stderr)} (more in {log})")


_CERTIFICATE = re.compile(
    r"certificate.?verify|unknownissuer|invalid peer certificate", re.IGNORECASE
)
_HASHES = re.compile(r"do not match the hashes|hash mismatch", re.IGNORECASE)
_NETWORK = re.compile(
    r"connection (?:refused|reset|timed)|failed to establish|max retries|name resolution|"
    r"timed out|timeout|dns error|error sending request|network is unreachable|proxyerror|"
    r"cannot connect to proxy|network connectivity is disabled",
    re.IGNORECASE,
)


def explain(stdout: str, stderr: str) -> str:
    """Explain in one line why an installer failed and what to do."""
    text = stdout + stderr
    if _CERTIFICATE.search(text):
        return (
            "the package index shows a certificate that is not trusted here: set PIP_CERT and "
            f"SSL_CERT_FILE to your organisation's certificates, {AGAIN}"
        )
    if _HASHES.search(text):
        return (
            "a package from the index is not the one of requirements.lock: clear the caches of "
            f"pip and uv, ask who runs the index, {AGAIN}"
        )
    if _NETWORK.search(text):
        return (
            "no package index in reach: connect to the network, or name your own index with "
            f"pip config set global.index-url ADDRESS, {AGAIN}"
        )
    return f"cannot install what requirements.lock names: {find_error(stdout, stderr)}"


def find_error(stdout: str, stderr: str) -> str:
    """Find the line of an installer's output that says most."""
    lines = [line.strip() for line in (stderr + "\n" + stdout).splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"error\b|[×╰]", line, re.IGNORECASE)]
    return (errors or lines or ["it said nothing"])[-1].removeprefix("ERROR: ")
