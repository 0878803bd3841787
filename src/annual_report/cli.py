"""The command line: parse, call, map errors to exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from annual_report.errors import AnnualReportError
from annual_report.project import find_project

# what a command needs is imported inside it: `annual-report --help` reads no pandas

app = typer.Typer(
    name="annual-report",
    help="From a season of Excel survey returns to one trustworthy annual report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Edition = Annotated[str, typer.Argument(help="An edition of data/editions, such as 2023.")]
Address = Annotated[
    str, typer.Argument(help="A folder, or any address of fsspec, such as s3://bucket/folder.")
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", help="Only this cluster of the register.")
]


@app.command()
def report(
    edition: Edition = "example",
    jobs: Annotated[
        int | None, typer.Option(help="Notebooks at a time; one for each core by default.", min=1)
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, as tcp://127.0.0.1:8786.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Only the profile of this cluster, and no report.")
    ] = None,
) -> None:
    """Build the annual report of an edition in HTML and PDF.

    Exit code 0: all that was asked for is there. 3: the report was made, but something is missing
    from it and named. 2: no report could be made.
    """
    from rich.console import Console

    from annual_report.running.progress import describe_run, make_watcher
    from annual_report.running.run import run_edition

    result = run_edition(
        find_project(),
        edition,
        jobs=jobs,
        scheduler=scheduler,
        clusters=None if cluster is None else (cluster,),
        watcher=make_watcher(Console(stderr=True)),
    )
    for line in describe_run(result):
        typer.echo(line)
    raise typer.Exit(result.exit_code)


@app.command()
def survey(edition: Edition, cluster: ClusterOption = None) -> None:
    """Write the workbooks that go out: one for each cluster of the register, or only one."""
    from annual_report.survey.sending.outgoing import write_surveys

    for path in write_surveys(find_project(), edition, cluster=cluster):
        typer.echo(path)


@app.command()
def check(
    paths: Annotated[
        list[str], typer.Argument(help="Workbooks and folders, or one edition of data/editions.")
    ],
    edition: Annotated[
        str | None, typer.Option(help="The edition whose register and rules apply.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="How to say it.")] = "text",  # noqa: A002
    queries: Annotated[
        Path | None,
        typer.Option(help="Folder for the workbooks that go back; reports/EDITION/queries."),
    ] = None,
    cluster: ClusterOption = None,
) -> None:
    """Read returns, print what is to be asked back, and write the workbooks that go back.

    The returns are not changed. For an edition the workbooks go to reports/EDITION/queries.

    Exit code 0: no errors. 1: some findings are errors. 2: something could not be read at all.
    """
    from annual_report.survey.check import check_paths

    code = check_paths(
        find_project(),
        paths,
        edition=edition,
        format=format,
        queries=queries,
        cluster=cluster,
    )
    raise typer.Exit(code)


@app.command()
def fetch(edition: Edition, address: Address) -> None:
    """Copy the returns of an edition from an address into data/raw; only what has changed."""
    from annual_report.edition import read_edition
    from annual_report.storage import fetch_returns

    project = find_project()
    typer.echo(fetch_returns(project, read_edition(project, edition).edition, address))


@app.command()
def deliver(
    edition: Edition,
    address: Address,
    working_files: Annotated[
        str | None,
        typer.Option(
            help="Another address, for the returns, tables, queries and surveys: not published.",
            metavar="ADDRESS",
        ),
    ] = None,
) -> None:
    """Copy what is published of an edition to an address: reports, profiles, data annex and package.

    Only what has changed is copied. Nothing else leaves, unless --working-files says where to.
    """
    from annual_report.edition import read_edition
    from annual_report.storage import deliver_results

    project = find_project()
    chosen = read_edition(project, edition)
    for sent in deliver_results(project, chosen, address, working_files=working_files):
        typer.echo(sent)


@app.command()
def example(
    clusters: Annotated[int, typer.Option(help="How many fictional clusters.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same workbooks.")] = 2023,
) -> None:
    """Write the returns of an example edition: fictional clusters, and the year before."""
    from annual_report.example import generate_example

    paths = generate_example(find_project(), clusters=clusters, seed=seed)
    typer.echo(f"{len(paths)} files written, the first {paths[0]}")


@app.command()
def explain(
    edition: Edition,
    number: Annotated[str, typer.Argument(help="An id from the report or the data annex.")],
    inside: Annotated[
        bool,
        typer.Option("--inside", help="For the author: show what is not for publication too."),
    ] = False,
) -> None:
    """Show how a published number was made, down to the cells of the returns.

    What respondents did not give for publication is withheld here as it is in the report. With
    --inside it is shown, marked with its consent, and each cell with its workbook.
    """
    from annual_report.edition import read_edition
    from annual_report.measures.lineage import Lineage, format_tree

    project = find_project()
    lineage = Lineage(project, read_edition(project, edition).edition, inside=inside)
    for line in format_tree(lineage, number):
        typer.echo(line)


def main() -> None:
    """Run the command line; one clear message for each error, no traceback."""
    try:
        app(standalone_mode=True)
    except AnnualReportError as error:
        sys.stderr.write(f"annual-report: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("annual-report: stopped; what was finished is kept\n")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
