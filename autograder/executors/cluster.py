"""The workers of a Dask cluster, each with a warm grader that a worker plugin keeps for the length of a run.

Work is handed to a worker by name (`Client.run`) instead of being left to Dask's scheduler: that would run a submission
that kills its worker on three more workers, and count their deaths against whatever else they held.
"""

import asyncio
import logging
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar
from uuid import uuid4

from distributed import Client
from distributed import Worker as DaskProcess
from distributed.comm.addressing import get_address_host_port
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.security import Security

from autograder.executors.station import Errand, Introduction, Job, Station
from autograder.sandbox import SandboxRefused
from quizgen.errors import OperatorError
from quizgen.model import Grading

CONNECT_SECONDS = 10
LEAVE_SECONDS = 30
READY_SECONDS = 0.05
"""How often a worker that has just joined looks whether its grader is made."""
Answer = TypeVar("Answer")


class GraderPlugin(WorkerPlugin):
    """Makes a worker's grader when the run begins or the worker joins, and closes its sandbox at the end."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self.station: Station | None = None

    async def setup(self, worker: DaskProcess) -> None:  # noqa: ARG002 - Dask calls it by name
        """Start the sandbox, in a thread so that the worker's heart goes on beating."""
        self.station = await asyncio.to_thread(Station, self.errand)

    async def teardown(self, worker: DaskProcess) -> None:  # noqa: ARG002 - the same
        """End the sandbox."""
        if self.station is not None:
            await asyncio.to_thread(self.station.close)


class ClusterWorker:
    """One worker process of the cluster, known by its address."""

    losses: tuple[type[Exception], ...] = (OSError, SandboxRefused)

    def __init__(self, cluster: "Cluster", address: str) -> None:
        self.name = f"worker {address}"
        self.dismissed = False
        self._cluster = cluster
        self._address = address

    def introduce(self) -> Future[Introduction]:
        """Ask what is installed there, once its grader is made."""
        return self._cluster.ask(self._address, _introduce)

    def grade(self, job: Job) -> Future[Grading]:
        """Have one submission graded."""
        return self._cluster.ask(self._address, _grade, job)

    def dismiss(self) -> None:
        """Leave it alone: its cluster starts another or does not."""
        self.dismissed = True


class Cluster:
    """A connection to the scheduler, on an event loop of its own."""

    def __init__(self, errand: Errand, address: str) -> None:
        for name in ("distributed", "distributed.client", "distributed.core"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost is told by exceptions
        check_address(address)
        self.remedy = f"start some with `dask worker {address} --nworkers N --nthreads 1`"
        self._scheduler = address
        self._plugin = f"autograder-{uuid4().hex}"
        self._known: dict[str, ClusterWorker] = {}
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        try:
            self._client = self._submit(self._join(errand)).result()
        except BaseException:
            self._loop.call_soon_threadsafe(self._loop.stop)
            raise

    async def _join(self, errand: Errand) -> Any:
        try:
            client: Any = await Client(
                self._scheduler, asynchronous=True, timeout=CONNECT_SECONDS, set_as_default=False, name="autograder"
            )
        except OSError as error:
            raise OperatorError(f"no Dask scheduler answers at {self._scheduler}: {error}") from None
        try:
            await client.register_plugin(GraderPlugin(errand), name=self._plugin)
        except Exception as error:  # noqa: BLE001 - Dask raises what a worker did, some of it as a plain Exception
            await client.close()
            raise OperatorError(
                f"a worker at {self._scheduler} cannot be made to grade: {error}; is this program installed there?"
            ) from None
        return client

    def workers(self) -> Sequence[ClusterWorker]:
        """Ask the scheduler who is there."""
        try:
            found = self._submit(self._client.scheduler.identity(n_workers=-1)).result()["workers"]
        except OSError:
            raise OperatorError(
                f"the Dask scheduler at {self._scheduler} is gone; what was graded is stored: run again to do the rest"
            ) from None
        self._known |= {a: ClusterWorker(self, a) for a in found if a not in self._known}
        return [self._known[a] for a in found if not self._known[a].dismissed]

    def ask(self, address: str, function: Any, *arguments: Any) -> Future[Any]:
        """Run a function of this module on one worker."""
        return self._submit(self._answer(address, function, *arguments))

    async def _answer(self, address: str, function: Any, *arguments: Any) -> Any:
        answers = await self._client.run(function, self._plugin, *arguments, workers=[address])
        return answers[address]

    def close(self) -> None:
        """End every worker's sandbox, and leave."""
        try:
            self._submit(self._leave()).result(LEAVE_SECONDS)
        except (OSError, TimeoutError):
            pass  # the scheduler is gone, and its workers with it
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)

    async def _leave(self) -> None:
        await self._client.unregister_worker_plugin(self._plugin)
        await self._client.close()

    def _submit(self, work: Coroutine[Any, Any, Answer]) -> Future[Answer]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def check_address(address: str) -> None:
    """Refuse an address that nothing can answer at, before Dask tries."""
    try:
        get_address_host_port(address, strict=True)
        secured = Security().get_connection_args("client").get("ssl_context") is not None
    except (OSError, ValueError) as error:
        raise OperatorError(f"--dask {address}: {error}; wanted tcp://host:8786 or tls://host:8786") from None
    if address.startswith("tls:") and not secured:
        raise OperatorError(f"--dask {address}: TLS needs certificates: distributed.comm.tls of Dask's configuration")


async def _introduce(plugin: str, dask_worker: DaskProcess) -> Introduction:
    while (station := _station(plugin, dask_worker)) is None:
        await asyncio.sleep(READY_SECONDS)
    return station.introduction


async def _grade(plugin: str, job: Job, dask_worker: DaskProcess) -> Grading:
    station = _station(plugin, dask_worker)
    if station is None:
        raise ConnectionError("the worker has no grader any more")
    return await asyncio.to_thread(station.grade, job)


def _station(plugin: str, worker: DaskProcess) -> Station | None:
    found = worker.plugins.get(plugin)
    return found.station if isinstance(found, GraderPlugin) else None
