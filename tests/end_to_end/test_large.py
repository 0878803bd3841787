"""An edition with more clusters than a report holds profiles: a register leads to their files."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import yaml

from annual_report.edition import read_edition
from annual_report.example import generate_example
from annual_report.project import ROOT_VARIABLE, Project
from annual_report.running.run import run_edition

Copy = Callable[[Path, Path], Project]
LARGEST_PAGE = 10_000_000
LARGEST_PARENT = 600_000_000
MEASURE = """\
import sys
from pathlib import Path
from annual_report.cli import main
try:
    main()
finally:  # what getrusage tells holds the peak of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    print("peak", *(line.split()[1] for line in lines if line.startswith("VmHWM")), file=sys.stderr)
"""


def make_edition(project: Project, *, clusters: int, profiles: int) -> str:
    """Write an example edition by the real generator, with room for so many profiles."""
    generate_example(project, clusters=clusters)
    name = f"example-{clusters}"
    path = project.editions / f"{name}.yaml"
    edition = yaml.safe_load(path.read_text(encoding="utf-8"))
    edition.setdefault("rules", {})["profiles_in_report"] = profiles
    path.write_text(yaml.safe_dump(edition, allow_unicode=True), encoding="utf-8")
    return name


def list_links(page: str) -> set[str]:
    return set(re.findall(r'href="(clusters/[^"]+)"', page))


def check_register(project: Project, name: str) -> None:
    """Check that the report names every cluster and leads to a file for each, and holds none."""
    reports, clusters = project.reports(name), read_edition(project, name).clusters
    page = (reports / "annual-report.html").read_text(encoding="utf-8")
    assert list_links(page) == {f"clusters/{cluster.id}.html" for cluster in clusters}
    assert all((reports / link).is_file() for link in list_links(page))
    assert 'data-part="Cluster profile"' not in page
    assert len(page.encode()) < LARGEST_PAGE
    chapters = re.findall(r'<section class="chapter" id="([^"]+)"', page)
    assert {"summary", "partnerships", "policy", "finance", "technology", "profiles"} <= set(
        chapters
    )
    document = pypdfium2.PdfDocument(reports / "annual-report.pdf")
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert all(cluster.name in text.replace("\r\n", " ") for cluster in clusters)


def test_beyond_the_number_of_the_edition_profiles_are_files(
    root: Path, copy_project: Copy, tmp_path: Path
) -> None:
    project = copy_project(root, tmp_path)
    name = make_edition(project, clusters=4, profiles=3)
    assert run_edition(project, name).exit_code == 0
    check_register(project, name)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_sixty_five_clusters_leave_the_parent_small(
    root: Path, copy_project: Copy, tmp_path: Path
) -> None:
    project = copy_project(root, tmp_path)
    name = make_edition(project, clusters=65, profiles=60)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, "report", name],
        env={ROOT_VARIABLE: str(project.root), "PATH": "/usr/bin:/bin"},
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stderr.rsplit("peak ", 1)[1]) * 1024 < LARGEST_PARENT
    check_register(project, name)
