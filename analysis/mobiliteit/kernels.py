"""Clean kernels that start quickly: forks of one process that has imported the libraries.

Importing pandas, SciPy, statsmodels and matplotlib takes a kernel longer than most notebooks take
to run. On Linux one helper process imports them once and forks a kernel for each notebook: a
process and a namespace of its own, as clean as any. Elsewhere, where forking is not safe, every
notebook gets an ordinary kernel.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "python3"
LONGEST_SOCKET = 85
CAN_FORK = sys.platform == "linux"
# No profile, history or start-up file of the user may play a part.
ARGUMENTS = ("--HistoryManager.enabled=False",)
WARM = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "great_tables",
    "mobiliteit.logbook",
    "mobiliteit.scorecard",
    "mobiliteit.render.figures",
    "mobiliteit.render.summary",
)


class OwnInterpreter(KernelSpecManager):
    """Knows one kernel, that of the running interpreter, whatever is installed for the user."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification of the kernel, under any name."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *ARGUMENTS]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=NAME)


class Forked:
    """A forked kernel, with the part of ``subprocess.Popen`` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return None while the kernel lives; the helper reaps it, so its exit code is lost."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the kernel has ended."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.02)
        return 0

    def send_signal(self, signum: int) -> None:
        """Send a signal unless the kernel has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


class KernelServer:
    """The helper process, as a context; `fork` is safe to call from several threads.

    Parameters
    ----------
    environment : mapping of str to str
        Environment of the helper, and of the kernels unless they are given another.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> KernelServer:
        """Start the helper; it imports while the caller goes on."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from mobiliteit.kernels import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environment,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the helper; the kernels that it forked are ended by their managers."""
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def fork(self, argv: list[str], env: Mapping[str, str], cwd: str) -> Forked:
        """Fork a kernel.

        Parameters
        ----------
        argv : list of str
            Arguments of the kernel: the connection file and options.
        env : mapping of str to str
            Its environment.
        cwd : str
            Its folder.

        Returns
        -------
        Forked
            The running kernel.

        Raises
        ------
        RuntimeError
            The helper has died.
        """
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the helper process was not started")
        with self._lock:
            order = {"argv": argv, "env": dict(env), "cwd": cwd}
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        if not answer:
            raise RuntimeError("the helper process that starts kernels has ended")
        return Forked(int(answer))


class ForkingProvisioner(LocalProvisioner):
    """Starts a kernel by forking the helper instead of starting an interpreter."""

    server: KernelServer | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel that `cmd` describes: interpreter, ``-m``, module, arguments."""
        if self.server is None:
            raise RuntimeError("no helper process")
        forked = self.server.fork(cmd[3:], kwargs["env"], str(kwargs.get("cwd") or Path.cwd()))
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        return self.connection_info


def kernel_manager(folder: Path, server: KernelServer | None) -> AsyncKernelManager:
    """Return the manager of a kernel that is yet to start.

    Parameters
    ----------
    folder : Path
        Where its connection file goes.
    server : KernelServer or None
        Forks it; None starts an ordinary kernel.

    Returns
    -------
    AsyncKernelManager
        For one kernel.
    """
    manager = AsyncKernelManager(
        kernel_name=NAME,
        kernel_spec_manager=OwnInterpreter(),
        connection_file=str(folder / "kernel.json"),
    )
    # Sockets of the file system: no ports to collide on, and nobody else can listen in. Their names
    # may not be long.
    if CAN_FORK and len(str(folder)) < LONGEST_SOCKET:
        manager.transport, manager.ip = "ipc", str(folder / "kernel")
    if server is not None:
        provisioner = ForkingProvisioner(
            kernel_id=folder.name, kernel_spec=manager.kernel_spec, parent=manager
        )
        provisioner.server = server
        manager.provisioner = provisioner
    return manager


def serve() -> None:
    """Import the libraries, then fork a kernel for every line on standard input.

    Runs in the helper process. A line is a JSON object with ``argv``, ``env`` and ``cwd``; the
    answer is the process id. Ends when standard input does.
    """
    import importlib

    # Standard output carries the answers; what an import prints must not.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Nobody waits for the kernels here: let the system reap them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # ipykernel reads this on import: a kernel whose helper is gone ends itself.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    for module in WARM:
        importlib.import_module(module)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            answers.close()
            _become_kernel(order)
        answers.write(f"{pid}\n")
        answers.flush()


def _become_kernel(order: dict[str, Any]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.path[0] = ""
        sys.argv = ["ipykernel_launcher", *order["argv"]]
        IPKernelApp.launch_instance()
        status = 0
    finally:
        # Never return to the loop of the helper.
        os._exit(status)
