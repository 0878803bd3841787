"""A run does what is needed, nothing twice, and says what is missing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annual_report.edition import read_edition
from annual_report.errors import RunError
from annual_report.running.progress import describe_run
from annual_report.running.run import run_plan
from annual_report.running.steps.execution import Watcher
from annual_report.running.steps.fingerprints import Records
from annual_report.running.steps.plan import Plan, make_plan

if TYPE_CHECKING:
    from tests.running.conftest import SmallProject

REPORT = {"report/10-summary", "report/20-words", "publish/html", "publish/pdf", "publish/annex"}


def read_all(project: SmallProject, *, but: str = "run.json") -> dict[str, bytes]:
    """Read everything that a run leaves, but for its record."""
    folders = (project.project.processed("spring"), project.project.reports("spring"))
    return {
        path.relative_to(project.project.root).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (but, ".lock")
    }


def test_a_first_run_does_every_step(small: SmallProject) -> None:
    result = small.run()
    assert result.failures == ()
    assert set(small.states(result).values()) == {"done"}
    assert result.exit_code == 0
    total = (small.project.reports("spring") / "annual-report.html").read_text()
    assert "total 6" in total  # 1 + 2 + 3 words
    record = json.loads((small.project.reports("spring") / "run.json").read_text())
    assert len(record["steps"]) == 1 + 3 * 4 + 2 + 2 + 3
    assert record["inputs"]["data/raw/spring/north.txt"]


def test_a_second_run_does_nothing_and_writes_nothing(built: SmallProject) -> None:
    before = read_all(built, but="")
    assert built.run().unchanged
    assert read_all(built, but="") == before


def test_one_changed_return_wakes_only_its_cluster_and_the_report(built: SmallProject) -> None:
    built.write_return("south", "three new words")
    done = built.done(built.run())
    assert done == REPORT | {"index", "gather", "publish/south"} | {
        f"south/{name}" for name in ("01-ingest", "02-progress", "03-profile")
    }


def test_a_return_that_measures_the_same_does_not_wake_what_follows(built: SmallProject) -> None:
    built.write_return("south", "word1 word0")  # the same words, the other way round
    done = built.done(built.run())
    ran = {"index", "south/01-ingest", "south/02-progress", "gather"}
    assert done == ran | {"report/20-words"}  # which lists the same words again


def test_a_changed_chapter_runs_and_is_published(built: SmallProject) -> None:
    built.edit_notebook("report/10-summary.ipynb", "# Summary", "# In short")
    assert built.done(built.run()) == REPORT - {"report/20-words"}


def test_a_new_notebook_becomes_a_chapter(built: SmallProject) -> None:
    folder = built.project.notebooks / "report"
    shutil.copy(folder / "20-words.ipynb", folder / "30-again.ipynb")
    assert "report/30-again" in built.done(built.run())
    shown = (built.project.reports("spring") / "annual-report.html").read_text()
    assert shown.count("# Words") == 2


def test_a_removed_notebook_is_no_longer_published(built: SmallProject) -> None:
    (built.project.notebooks / "report" / "20-words.ipynb").unlink()
    built.run()
    shown = (built.project.reports("spring") / "annual-report.html").read_text()
    assert "# Words" not in shown


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
    ids=["half-written", "empty", "missing"],
)
@pytest.mark.parametrize(
    ("output", "step"),
    [
        ("data/processed/spring/measures/north.parquet", "north/02-progress"),
        ("reports/spring/clusters/west.html", "publish/west"),
    ],
)
def test_a_spoiled_output_is_made_again(
    built: SmallProject, spoil: Callable[[Path], object], output: str, step: str
) -> None:
    good = read_all(built)
    spoil(built.project.root / output)
    assert built.done(built.run()) == {step}
    assert read_all(built) == good


def test_a_failing_cluster_leaves_the_others_whole(built: SmallProject) -> None:
    built.write_return("west", "crash")
    result = built.run()
    states = built.states(result)
    assert result.exit_code == 3
    assert states["west/01-ingest"] == "failed"
    assert states["west/02-progress"] == states["publish/west"] == "left out"
    assert states["north/03-profile"] == "unchanged"
    (failure,) = result.failures
    assert failure.cluster == "west"
    assert failure.cell == "cell 3"
    assert "this return cannot be read" in failure.reason
    shown = (built.project.reports("spring") / "annual-report.html").read_text()
    assert "total 3" in shown  # 1 + 2; what west sent earlier does not count
    told = json.loads((built.project.processed("spring") / "failures.json").read_text())
    assert [entry["cluster"] for entry in told] == ["west"]


@pytest.mark.parametrize("old", ["exhibits.finance", "exhibits"])
def test_a_notebook_of_an_older_version_is_told_what_to_import(
    built: SmallProject, old: str
) -> None:
    built.edit_notebook(
        "report/20-words.ipynb",
        "from functions import list_words",
        f"from functions import list_words\\nfrom annual_report.{old} import show_sources",
    )
    (failure,) = built.run().failures
    assert "import annual_report as ar" in str(failure)
    assert "docs/analysis.md" in str(failure)


@pytest.mark.parametrize("fault", ["a correction", "the framework"])
def test_what_makes_every_page_wrong_stops_the_run(built: SmallProject, fault: str) -> None:
    good = read_all(built)
    questions = built.project.framework / "questions.yaml"
    asked, text = questions.read_text(), (built.project.raw("spring") / "west.txt").read_text()
    if fault == "a correction":
        built.write_return("west", "outdated")
        message = "no longer says what the correction expects"
    else:
        questions.write_text("which: words\nweight: 3\n")
        message = "the weights do not add up"
    with pytest.raises(RunError, match=message) as caught:
        built.run()
    assert caught.value.exit_code == 2
    shown = {name: content for name, content in read_all(built).items() if "reports" in name}
    assert shown == {name: content for name, content in good.items() if "reports" in name}
    built.write_return("west", text)
    questions.write_text(asked)
    assert built.run().exit_code == 0
    assert read_all(built) == good


def test_a_mended_cluster_comes_back(built: SmallProject) -> None:
    good = read_all(built)
    text = (built.project.raw("spring") / "west.txt").read_text()
    built.write_return("west", "crash")
    assert built.run().exit_code == 3
    built.write_return("west", text)
    assert built.run().exit_code == 0
    assert read_all(built) == good


def test_a_failing_chapter_leaves_the_report_standing(built: SmallProject) -> None:
    built.edit_notebook("report/20-words.ipynb", "list_words(edition)", "1 / 0")
    result = built.run()
    assert result.exit_code == 3
    assert built.states(result)["publish/html"] == "done"


@pytest.mark.parametrize("name", ["annual-report.pdf", "data-annex.xlsx", "clusters/north.html"])
def test_what_could_not_be_made_leaves_no_older_file_of_its_name(
    built: SmallProject, name: str
) -> None:
    reports = built.project.reports("spring")
    built.write_return("north", "two more words")
    (built.project.root / f"no-{Path(name).name}").touch()
    assert (reports / name).is_file()
    result = built.run()
    assert result.exit_code == 3
    assert [failure.reason for failure in result.failures] == ["it could not be made"]
    assert not (reports / name).exists()
    assert (reports / "annual-report.html").is_file()


def test_a_profile_whose_notebook_failed_leaves_no_older_page(built: SmallProject) -> None:
    page = built.project.reports("spring") / "clusters" / "north.html"
    assert page.is_file()
    built.write_return("north", "crash")
    built.run()
    assert not page.exists()


def test_the_page_comes_after_the_files_that_it_links_to(small: SmallProject) -> None:
    steps = [step.name for step in small.plan()]
    assert {"publish/pdf", "publish/annex"} <= set(small.plan()["publish/html"].follows)
    assert steps.index("characters") < steps.index("report/10-summary")


def test_what_a_step_warns_of_is_said_each_time_and_written_down(built: SmallProject) -> None:
    (built.project.root / "warned").touch()
    built.edit_notebook("report/10-summary.ipynb", "# Summary", "# In short")
    heard: list[str] = []

    class Listener(Watcher):
        def said(self, notice: str) -> None:
            heard.append(notice)

    assert built.run(watcher=Listener()).exit_code == 0
    assert heard == ["note: a picture is left out"]  # once, though two steps say it
    record = json.loads((built.project.reports("spring") / "run.json").read_text())
    told = {step["step"] for step in record["steps"] if "notices" in step}
    assert {"publish/pdf", "publish/html"} <= told
    heard.clear()
    assert built.run(watcher=Listener()).unchanged
    assert heard == ["note: a picture is left out"]


def test_a_new_build_gives_the_same_bytes_with_any_number_of_jobs(built: SmallProject) -> None:
    first = read_all(built)
    shutil.rmtree(built.project.processed("spring"))
    shutil.rmtree(built.project.reports("spring"))
    built.run(jobs=1)
    assert read_all(built) == first


def test_the_framework_wakes_those_that_read_it(built: SmallProject) -> None:
    (built.project.framework / "questions.yaml").write_text("which: letters\n")
    done = built.done(built.run())
    assert {"index", "north/01-ingest", "north/02-progress", "gather"} <= done
    assert "north/03-profile" not in done  # it says that it reads only measures, and they are same


def test_a_changed_dependency_wakes_everything(built: SmallProject) -> None:
    (built.project.root / "requirements.lock").write_text("nothing==2\n")
    assert set(built.states(built.run()).values()) == {"done"}


def test_another_folder_has_the_same_fingerprints(built: SmallProject, built_once: Path) -> None:
    assert built.project.root != built_once
    assert built.run().unchanged


def test_it_is_told_what_was_built(built: SmallProject) -> None:
    """The report; or the profiles, where only those were asked for."""
    reports = built.project.reports("spring")
    assert list(describe_run(built.run())) == [
        f"nothing has changed since {reports}/annual-report.html and .pdf were built"
    ]
    (reports / "clusters" / "west.html").unlink()
    edition = read_edition(built.project, "spring")
    plan = make_plan(built.project, edition, clusters=["west"])
    names = {step.name for step in plan}
    steps = tuple(step for step in built.plan() if step.name in names)
    result = run_plan(built.project, edition, Plan("spring", steps, complete=False))
    assert list(describe_run(result)) == [f"built {reports}/clusters/west.html"]


def test_a_notebook_of_another_language_fails_by_its_name(small: SmallProject) -> None:
    small.edit_notebook("report/20-words.ipynb", '"name": "python3"', '"name": "fortran"')
    (failure,) = small.run().failures
    assert failure.notebook == "notebooks/report/20-words.ipynb"
    assert "fortran" in failure.reason
    assert "lost" not in failure.reason


def test_a_module_beside_a_notebook_is_part_of_what_it_depends_on(built: SmallProject) -> None:
    beside = built.project.notebooks / "report" / "beside.py"
    beside.write_text("x = 1", encoding="utf-8")
    done = built.done(built.run())
    assert {"report/10-summary", "report/20-words"} <= done
    assert not {name for name in done if name.startswith("north/")}
    assert built.run().unchanged


def test_a_picture_beside_a_notebook_is_part_of_what_is_published(built: SmallProject) -> None:
    (built.project.notebooks / "report" / "pictures").mkdir()
    (built.project.notebooks / "report" / "pictures" / "Quay.PNG").write_bytes(b"dots")
    done = built.done(built.run())
    profiles = {f"publish/{cluster}" for cluster in ("north", "south", "west")}
    assert done == {"publish/html", "publish/pdf", *profiles}
    assert built.run().unchanged


def test_settings_that_are_changed_and_put_back_during_a_step_are_noticed(
    built: SmallProject,
) -> None:
    """What ran with the other content is not kept under the fingerprint of this one."""
    path = built.project.editions / "spring.yaml"
    records = Records(built.project, "spring")
    step = built.plan()["gather"]
    before = records.compute_fingerprint(step)
    text = path.read_bytes()
    path.write_bytes(text + b"# a remark\n")
    changed = records.compute_fingerprint(step, afresh=True)
    path.write_bytes(text)
    assert changed != before
    assert records.compute_fingerprint(step, afresh=True) == before
