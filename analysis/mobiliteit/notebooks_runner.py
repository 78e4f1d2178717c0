"""Running the notebooks from clean kernels, and writing each as a page that needs nothing else."""

from __future__ import annotations

import asyncio
import html
import os
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.kernels import CAN_FORK, KernelServer, kernel_manager
from mobiliteit.project import Project, write_text
from mobiliteit.render.page import page

PARALLEL = 2
TIMEOUT = 300  # seconds for one cell
PATTERN = "[0-9][0-9]_*.ipynb"


def list_notebooks(project: Project) -> list[Path]:
    """Notebooks of a project, in order.

    Parameters
    ----------
    project : Project
        The project.

    Returns
    -------
    list of Path
        ``notebooks/01_….ipynb`` and so on, sorted by name.
    """
    return sorted(project.notebooks.glob(PATTERN))


def run_notebooks(
    project_source: Project,
    output_project: Project,
    *,
    wave: str,
    legend: str | None = None,
    mark: str | None = None,
    on_done: Callable[[str], None] = lambda name: None,
) -> list[Path]:
    """Run all notebooks and write each as an HTML page.

    Parameters
    ----------
    project_source : Project
        Holds ``notebooks/`` and ``data_raw/``; the kernels run in its root.
    output_project : Project
        Gets the pages in ``reports/`` and the figures in ``figures/``.
    wave : str
        Wave that the notebooks open, handed to them as ``MOBILITEIT_WAVE``.
    legend : str, optional
        Star legend by name, handed over as ``MOBILITEIT_LEGEND``.
    mark : str, optional
        The synthetic mark of the pages; by default that of the wave's sidecar.
    on_done : callable
        Called with a line for each notebook that is done, from the calling thread.

    Returns
    -------
    list of Path
        ``reports/<notebook>.html``, in the order of the notebooks.

    Raises
    ------
    MobiliteitError
        There are no notebooks, or one of them failed: names notebook, cell and error.
    OutputError
        A page cannot be written.
    """
    notebooks = list_notebooks(project_source)
    if not notebooks:
        problem = Problem(
            f"{project_source.notebooks} holds no {PATTERN}", "Put the notebooks back."
        )
        raise MobiliteitError("The notebooks cannot be run.", [problem])
    contents = {path: _read(path) for path in notebooks}
    links = {f"{path.stem}.html": notebook_title(contents[path]) for path in notebooks}
    mark = _mark(project_source, wave) if mark is None else mark
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mobiliteit-")))
        environment = {
            **os.environ,
            "MOBILITEIT_WAVE": wave,
            "MOBILITEIT_OUTPUT": str(output_project.root),
            "MOBILITEIT_FIGURES": str(output_project.figures),
            # Two kernels on two cores: more threads per kernel only get in each other's way.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "IPYTHONDIR": str(scratch / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(scratch),
            "MPLBACKEND": "agg",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        if legend is not None:
            environment["MOBILITEIT_LEGEND"] = legend
        server = stack.enter_context(KernelServer(environment)) if CAN_FORK else None
        pool = stack.enter_context(ThreadPoolExecutor(PARALLEL))
        waiting: dict[Future[Any], Path] = {}
        for path, notebook in contents.items():
            folder = scratch / path.stem
            folder.mkdir()
            manager = kernel_manager(folder, server)
            job = pool.submit(_run, notebook, path, project_source.root, manager, environment)
            waiting[job] = path
        pages = {}
        try:
            for job in as_completed(waiting):
                path = waiting[job]
                job.result()
                target = output_project.reports / f"{path.stem}.html"
                write_text(target, notebook_page(contents[path], mark, links, target.name))
                pages[path] = target
                on_done(f"notebook {path.stem}")
        except BaseException:
            # One failure fails them all: do not start the others.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [pages[path] for path in notebooks]


def notebook_title(notebook: Any) -> str:
    """First heading of a notebook, or an empty string."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0][2:].strip())
    return ""


def notebook_page(notebook: Any, mark: str, links: Mapping[str, str], name: str) -> str:
    """Write an executed notebook as an HTML page that needs nothing from outside.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Executed.
    mark : str
        The synthetic mark; empty for a real wave.
    links : mapping of str to str
        The pages of all notebooks: file name to title.
    name : str
        File name of this page.

    Returns
    -------
    str
        Text and outputs in order; the code folded, one click away.
    """
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

    body = "\n".join(_cell(cell) for cell in notebook.cells)
    colours = HtmlFormatter(style="friendly", nobackground=True).get_style_defs("details.code")
    title = notebook_title(notebook) or name
    return page(title, body, mark=mark, style=str(colours), links=links, current=name)


def _cell(cell: Any) -> str:
    if cell.cell_type == "markdown":
        from nbconvert.filters.markdown_mistune import markdown2html_mistune

        return str(markdown2html_mistune(cell.source)).replace(
            '<a class="anchor-link"', "<a hidden"
        )
    if cell.cell_type != "code" or not cell.source.strip():
        return ""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    code = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
    outputs = "\n".join(filter(None, map(_output, cell.outputs)))
    return (
        f'<details class="code"><summary>code</summary><pre><code>{code}</code></pre></details>\n'
        + (f'<div class="output">{outputs}</div>' if outputs else "")
    )


def _output(output: Any) -> str:
    if output.output_type in ("display_data", "execute_result"):
        data = output.data
        if "text/html" in data:
            return str(data["text/html"])
        if "image/png" in data:
            return f'<img alt="" src="data:image/png;base64,{data["image/png"].strip()}">'
        return f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"
    if output.output_type == "stream":
        return f"<pre>{html.escape(output.text)}</pre>"
    return ""


def _read(path: Path) -> Any:
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        problem = Problem(f"no notebook: {error}", "Put it back.", file=str(path))
        raise MobiliteitError("A notebook cannot be read.", [problem]) from error
    return notebook


def _mark(project: Project, wave: str) -> str:
    from mobiliteit.descriptor import load_descriptor
    from mobiliteit.study import load_study

    descriptor = load_descriptor(project.raw(wave), load_study())
    return descriptor.synthetic_note_nl if descriptor.synthetic else ""


def _run(
    notebook: Any, path: Path, root: Path, manager: Any, environment: Mapping[str, str]
) -> None:
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=TIMEOUT,
        startup_timeout=TIMEOUT,
        resources={"metadata": {"path": str(root)}},
        # The moments of execution would make every page a different file.
        record_timing=False,
    )

    async def execute() -> None:
        try:
            await client.async_execute(reset_kc=True, env=dict(environment))
        finally:
            # nbclient ends only the kernels of managers that it made itself.
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)

    try:
        asyncio.run(execute())
    except CellExecutionError as error:
        _fail(path, notebook, f"{error.ename}: {error.evalue}", error)
    except CellTimeoutError as error:
        _fail(path, notebook, f"a cell took more than {TIMEOUT} seconds", error)
    except (DeadKernelError, RuntimeError, OSError) as error:
        _fail(path, notebook, f"the kernel died: {error}", error)


def _fail(path: Path, notebook: Any, what: str, error: Exception) -> None:
    """Raise an error that names the notebook, the cell that failed, and how."""
    failed = [
        position
        for position, cell in enumerate(notebook.cells, start=1)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    ]
    where = f"cell {failed[0]}: " if failed else ""
    problem = Problem(
        f"{where}{what.strip()}",
        "Open the notebook in Jupyter and run it up to there, or put the committed one back.",
        file=path.name,
    )
    raise MobiliteitError("A notebook failed.", [problem]) from error
