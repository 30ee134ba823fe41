"""The commands of `pframe`: their arguments, their errors and their exit codes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console

from .. import __version__
from ..exceptions import ParquetFrameError

# Wider than a terminal where nobody reads it line by line: in a pipe no line is broken in two.
_PIPE_WIDTH = 200

console = Console(highlight=False)


@click.group(context_settings={"help_option_names": ["--help"]})
@click.version_option(__version__, prog_name="pframe")
def main() -> None:
    """ParquetFrame CLI: looks at files of data."""


@main.command()
@click.argument("filepath", nargs=-1, required=True, type=click.Path())
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["csv", "json", "parquet", "orc"], case_sensitive=False),
    help="The format of the file; by its suffix otherwise, and Parquet where that tells nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document of everything.")
@click.option("--columns", "-c", help="These columns alone, with commas: id,price.")
@click.option("--row-groups", is_flag=True, help="Each row group too; with --columns their chunks.")
@click.option("--pages", is_flag=True, help="The page index too, page by page.")
@click.option("--all", "everything", is_flag=True, help="All columns, files, row groups and pages.")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="How many rows to show, of the columns shown; 0 reads no data.",
)
def info(
    filepath: tuple[str, ...],
    format_name: str | None,
    as_json: bool,
    columns: str | None,
    row_groups: bool,
    pages: bool,
    everything: bool,
    sample: int,
) -> None:
    """What files say of themselves: schema, rows, row groups, sizes, codecs, statistics.

    FILEPATH: Parquet files, folders of them (read recursively), or globs in quotes; or one file of CSV, JSON
    or ORC. Of Parquet only the footers are read, and for people the first rows (--sample); --json reads no
    data.
    """
    from ..core.formats import FileFormat, detect_format

    names = None if columns is None else [name.strip() for name in columns.split(",") if name.strip()]
    if names is not None and not names:
        raise click.BadParameter("names no column", param_hint="--columns")
    form = detect_format(filepath[0], format_name)
    if form is not FileFormat.PARQUET:
        parquet_only = {"--columns": columns, "--row-groups": row_groups, "--pages": pages, "--json": as_json}
        for option, given in parquet_only.items():
            if given:
                raise click.UsageError(f"{option} is for Parquet files; {filepath[0]} is {form.value}")
        if len(filepath) > 1:
            raise click.UsageError(f"one file of {form.value} at a time")
        _told(lambda: _other(filepath[0], form, sample))
        return
    _told(lambda: _parquet(list(filepath), names, as_json, row_groups, pages, everything, sample))


def _parquet(
    paths: list[str],
    names: list[str] | None,
    as_json: bool,
    row_groups: bool,
    pages: bool,
    everything: bool,
    sample: int,
) -> None:
    from .._engines import why_not_rust
    from . import report, show

    reason = why_not_rust("io")
    if reason is not None:
        raise click.ClickException(_line(f"pframe info reads Parquet with the Rust library: {reason}"))
    found = report.Source(paths)
    if names is not None:
        unknown = next((name for name in names if not found.has(name)), None)
        if unknown is not None:
            near = difflib.get_close_matches(unknown, found.names(), 3, 0.5) or found.names()[:8]
            raise click.BadParameter(
                f"no column {unknown!r}; perhaps {', '.join(near)}", param_hint="--columns"
            )
    most = None if everything or as_json or names is not None else show.MOST_COLUMNS
    document = found.document(names, most, row_groups=row_groups, pages=pages)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        return
    _print(show.tree(document, everything, names is not None))
    if sample:
        _print(*show.sample(document, sample))


def _other(path: str, form: Any, sample: int) -> None:
    from . import other

    _print(*other.described(path, form, sample))


def _print(*parts: Any) -> None:
    from .. import cli

    # Looked up when it is used: whoever embeds the command may put another console there.
    shown = cli.console
    if not shown.is_terminal:
        shown = Console(file=shown.file, width=_PIPE_WIDTH, highlight=False)
    for part in parts:
        shown.print(part)


def _told(work: Callable[[], None]) -> None:
    """Does work; what is wrong with a file is a line on standard error, and the exit code 1."""
    try:
        work()
    except click.ClickException:
        raise
    except ParquetFrameError as error:
        raise click.ClickException(_line(error.message)) from error
    except (OSError, ValueError, ImportError) as error:
        raise click.ClickException(_line(str(error) or type(error).__name__)) from error


def _line(text: str) -> str:
    return " ".join(text.split())
