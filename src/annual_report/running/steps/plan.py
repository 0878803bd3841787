"""The plan of a run: which steps there are, what each reads and leaves, what comes before what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annual_report.edition import Edition
from annual_report.errors import RunError
from annual_report.project import Project
from annual_report.running.steps.inputs import (
    INDEX,
    TABLES,
    Reads,
    list_fonts,
    list_inputs,
    list_pictures,
    list_raw,
    list_returns,
)
from annual_report.running.steps.notebooks import Notebook, read_notebooks

GATHER = "gather"
CHARACTERS = "characters"
GATHERED = "gathered"
"""Folder of the tables of all clusters."""
PREVIOUS = "previous"
PUBLIC = "public"
"""Folder of the tables that may leave the house."""
INDEX_STEP = "index"
PREVIOUS_INDEX_STEP = "previous-index"
FAILURES = "failures.json"
REPORT = "report"
PUBLISH = "publish"
RESERVED = {GATHER, CHARACTERS, INDEX_STEP, PREVIOUS, PREVIOUS_INDEX_STEP, REPORT, PUBLISH}
CLUSTER_PARAMETERS = ("edition", "cluster")
REPORT_PARAMETERS = ("edition",)


@dataclass(frozen=True)
class NotebookRun:
    """A notebook executed with parameters."""

    notebook: Notebook
    parameters: tuple[tuple[str, str], ...]
    output: Path


@dataclass(frozen=True)
class FunctionCall:
    """A function ``module:function``, called with the project and these arguments."""

    target: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Parameters
    ----------
    name
        As in ``norrhavn/01-ingest``, ``gather``, ``report/10-summary``, ``publish/html``.
    needs
        Steps without which this one is left out.
    follows
        Steps that must have ended, well or not.
    cluster
        The cluster it is for, if it is for one.
    inputs
        Patterns, in the project, of the files it reads.
    takes
        Steps whose tables it reads.
    shows
        Steps whose executed notebooks it reads.
    outputs
        Patterns of the files it must leave.
    may_leave
        Patterns of files that belong to it if it writes them.
    """

    name: str
    work: NotebookRun | FunctionCall
    needs: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    cluster: str | None = None
    inputs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    may_leave: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All steps, each after those it needs or follows; ``complete`` if it makes the whole report."""

    edition: str
    steps: tuple[Step, ...]
    complete: bool = True

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)


def make_plan(project: Project, edition: Edition, *, clusters: Sequence[str] | None = None) -> Plan:
    """Make the plan for an edition, or for the profiles of some of its clusters.

    Raises
    ------
    EditionError
        If a cluster is not on the register.
    RunError
        If a notebook cannot be run: no ``parameters`` cell, an unknown parameter, no JSON.
    """
    ids = (
        [edition.cluster(c).id for c in clusters] if clusters else [c.id for c in edition.clusters]
    )
    if strange := RESERVED.intersection(ids):
        raise RunError(
            f"a cluster cannot be called {min(strange)!r}",
            where=f"data/editions/{edition.edition}.yaml",
            do="give it another id",
        )
    cluster_notebooks = read_notebooks(project, "cluster", parameters=CLUSTER_PARAMETERS)
    report_notebooks = read_notebooks(project, "report", parameters=REPORT_PARAMETERS)
    builder = _Builder(project, edition)
    before = [n for n in cluster_notebooks if not n.after_gather]
    after = [n for n in cluster_notebooks if n.after_gather]
    chains = {c: list(builder.chain(c, before)) for c in ids}
    steps = builder.begin()
    steps += [step for chain in chains.values() for step in chain]
    steps += [builder.gather(chains.values()), builder.check_characters()]
    profiles: list[Step] = []
    for cluster, chain in chains.items():
        profiles += builder.after_gather(cluster, after, needs=chain[-1:])
    chapters = [] if clusters else [builder.chapter(n) for n in report_notebooks]
    steps += [*profiles, *chapters]
    if not clusters:  # first, because these take longest
        steps += builder.publish_report(tuple(step.name for step in [*profiles, *chapters]))
    parts: dict[str | None, list[Step]] = {}
    for profile in profiles:
        parts.setdefault(profile.cluster, []).append(profile)
    steps += [builder.publish_profile(parts_of_one) for parts_of_one in parts.values()]
    return Plan(edition.edition, tuple(steps), complete=not clusters)


class _Builder:
    """Makes the steps of one edition."""

    def __init__(self, project: Project, edition: Edition) -> None:
        self.project = project
        self.edition = edition.edition
        self.previous = edition.previous
        self.processed = project.processed(edition.edition).relative_to(project.root).as_posix()
        self.reports = project.reports(edition.edition).relative_to(project.root).as_posix()

    def begin(self) -> list[Step]:
        """Sort the returned files of both editions, and measure the one before."""
        steps = [self._sort_returns(INDEX_STEP, self.edition)]
        if self.previous:
            steps.append(self._sort_returns(PREVIOUS_INDEX_STEP, self.previous))
            steps.append(self._measure_previous(self.previous))
        return steps

    def _sort_returns(self, name: str, edition: str) -> Step:
        index = self.project.processed(edition) / INDEX
        return Step(
            name,
            FunctionCall("annual_report.survey.collecting.filing:identify_returns", (edition,)),
            inputs=(
                *list_raw(self.project, edition),
                *list_inputs(self.project, edition, ("framework", "edition", "corrections")),
            ),
            outputs=(index.relative_to(self.project.root).as_posix(),),
        )

    def chain(self, cluster: str, notebooks: Sequence[Notebook]) -> Iterator[Step]:
        earlier: tuple[str, ...] = ()
        for notebook in notebooks:
            first = () if earlier else self._list_returns(cluster)
            step = self._notebook_step(cluster, notebook, first, earlier=earlier)
            yield step
            earlier = (*earlier, step.name)

    def _notebook_step(
        self,
        cluster: str,
        notebook: Notebook,
        returns: tuple[str, ...],
        *,
        earlier: tuple[str, ...],
    ) -> Step:
        settings = list_inputs(self.project, self.edition, notebook.reads)
        return Step(
            f"{cluster}/{notebook.path.stem}",
            self._run(notebook, cluster),
            needs=earlier[-1:] or (INDEX_STEP,),
            follows=() if earlier else (PREVIOUS_INDEX_STEP,),
            cluster=cluster,
            inputs=(*returns, *settings, notebook.beside),
            takes=earlier,
            may_leave=(f"{self.processed}/*/{cluster}.parquet",),
        )

    def _list_returns(self, cluster: str) -> tuple[str, ...]:
        """Name what the reading of a cluster's return reads: last edition's too, to compare."""
        returns = list_returns(self.project, self.edition, cluster)
        if not self.previous:
            return returns
        settings = list_inputs(self.project, self.previous, ("edition", "corrections"))
        return (*returns, *list_returns(self.project, self.previous, cluster), *settings)

    def _measure_previous(self, previous: str) -> Step:
        return Step(
            PREVIOUS,
            FunctionCall("annual_report.measures.gather:measure_previous", (self.edition,)),
            needs=(PREVIOUS_INDEX_STEP,),
            inputs=(
                *list_raw(self.project, previous),
                *list_inputs(self.project, previous, None),
                *list_inputs(self.project, self.edition, None),
            ),
            outputs=(
                f"{self.processed}/previous/answers.parquet",
                f"{self.processed}/previous/measures.parquet",
            ),
        )

    def gather(self, chains: Iterable[Sequence[Step]]) -> Step:
        names = [[step.name for step in chain] for chain in chains]
        return Step(
            GATHER,
            FunctionCall("annual_report.measures.gather:gather", (self.edition,)),
            follows=(PREVIOUS, *(chain[-1] for chain in names if chain)),
            takes=(PREVIOUS, *(name for chain in names for name in chain)),
            inputs=(
                f"{self.processed}/{FAILURES}",
                *list_inputs(self.project, self.edition, None),
            ),
            outputs=(
                f"{self.processed}/returns.parquet",
                f"{self.processed}/measures/all.parquet",
                f"{self.processed}/{PUBLIC}/**/*.parquet",
                *(
                    f"{self.processed}/{GATHERED}/{name}.parquet"
                    for name in ("answers", "findings", "measures")
                ),
            ),
        )

    def check_characters(self) -> Step:
        """Warn of characters that no font has while there is time to do something about it."""
        return Step(
            CHARACTERS,
            FunctionCall("annual_report.publishing.unprintable:check_characters", (self.edition,)),
            needs=(GATHER,),
            inputs=(
                f"{self.processed}/{GATHERED}/answers.parquet",
                list_fonts(self.project),
                *list_inputs(self.project, self.edition, ("edition",)),
            ),
        )

    def after_gather(
        self, cluster: str, notebooks: Sequence[Notebook], *, needs: Sequence[Step]
    ) -> Iterator[Step]:
        required = (GATHER, *(step.name for step in needs))
        for notebook in notebooks:
            yield Step(
                f"{cluster}/{notebook.path.stem}",
                self._run(notebook, cluster),
                needs=required,
                cluster=cluster,
                inputs=(*self._read_tables(notebook.reads, cluster), notebook.beside),
            )
            required = (GATHER, f"{cluster}/{notebook.path.stem}")

    def chapter(self, notebook: Notebook) -> Step:
        return Step(
            f"{REPORT}/{notebook.path.stem}",
            self._run(notebook, None),
            needs=(GATHER,),
            inputs=(*self._read_tables(notebook.reads, "*"), notebook.beside),
        )

    def publish_profile(self, parts: Sequence[Step]) -> Step:
        cluster = parts[0].cluster
        assert cluster is not None
        names = tuple(part.name for part in parts)
        return Step(
            f"{PUBLISH}/{cluster}",
            FunctionCall(
                "annual_report.publishing.report:publish_profile", (self.edition, cluster)
            ),
            needs=names,
            cluster=cluster,
            inputs=(
                *self._list_public(
                    "peers", f"clusters/{cluster}/*", f"previous/clusters/{cluster}/*"
                ),
                *list_inputs(self.project, self.edition, None),
                *self._list_embedded(),
            ),
            shows=names,
            outputs=(
                f"{self.reports}/clusters/{cluster}.html",
                f"{self.reports}/clusters/{cluster}.pdf",
            ),
        )

    def publish_report(self, notebooks: tuple[str, ...]) -> list[Step]:
        failures = f"{self.processed}/{FAILURES}"
        # every number that is printed is held against them
        numbers = self._list_public("*", "previous/*")
        settings = list_inputs(self.project, self.edition, None)
        embedded = self._list_embedded()
        report = "annual_report.publishing.report"
        return [
            Step(
                f"{PUBLISH}/{name}",
                FunctionCall(target, (self.edition,)),
                needs=(GATHER,),
                follows=(*notebooks, *after),
                inputs=(failures, *inputs, *settings),
                shows=notebooks,
                outputs=tuple(f"{self.reports}/{output}" for output in outputs),
            )
            for name, target, inputs, after, outputs in (
                ("pdf", f"{report}:publish_pdf", (*numbers, *embedded), (), ("annual-report.pdf",)),
                (
                    "annex",
                    "annual_report.publishing.annex:publish_annex",
                    numbers,
                    (),
                    ("data-annex.xlsx", "datapackage/**/*"),
                ),
                # Last, as it links to the files beside it that could be made
                (
                    "html",
                    f"{report}:publish_html",
                    (*numbers, *embedded),
                    (f"{PUBLISH}/pdf", f"{PUBLISH}/annex"),
                    ("annual-report.html",),
                ),
            )
        ]

    def _list_public(self, *names: str) -> tuple[str, ...]:
        """List patterns of public tables: all that may be printed, and nothing of a returned file."""
        return tuple(f"{self.processed}/{PUBLIC}/{name}.parquet" for name in names)

    def _list_embedded(self) -> tuple[str, ...]:
        """List patterns of what a page or a PDF takes in besides its notebooks."""
        return (list_fonts(self.project), *list_pictures(self.project))

    def _run(self, notebook: Notebook, cluster: str | None) -> NotebookRun:
        parameters = {"edition": self.edition} | ({"cluster": cluster} if cluster else {})
        folder = self.project.processed(self.edition) / "notebooks" / (cluster or REPORT)
        return NotebookRun(notebook, tuple(parameters.items()), folder / notebook.path.name)

    def _read_tables(self, reads: Reads, cluster: str) -> tuple[str, ...]:
        """Patterns of the tables that a notebook after the gathering reads."""
        settings = list_inputs(self.project, self.edition, reads)
        if reads is None:
            return (f"{self.processed}/**/*.parquet", *settings)
        tables = [place for name in reads if name in TABLES for place in _locate(name, cluster)]
        return (*(f"{self.processed}/{place}" for place in tables), *settings)


def _locate(table: str, cluster: str) -> tuple[str, ...]:
    """Say where a table is; for a chapter (``*``), where those of all clusters are."""
    places: dict[str, tuple[str, ...]] = {
        "all": ("measures/all.parquet",),
        "previous": ("previous/*.parquet",),
        "public": (
            f"{PUBLIC}/peers.parquet",
            *(f"{PUBLIC}/{before}clusters/{cluster}/*.parquet" for before in ("", "previous/")),
        ),
    }
    if cluster == "*":
        places |= {"public": tuple(f"{PUBLIC}/{p}*.parquet" for p in ("", "previous/"))}
        places |= {"returns": ("returns.parquet",)}
        places |= {
            name: (f"{name}/*.parquet", f"{GATHERED}/{name}.parquet")
            for name in ("answers", "findings", "measures")
        }
    return places.get(table, (f"{table}/{cluster}.parquet",))
