"""Makes a file of 10 000 lines, as of somebody who pastes a table."""

import inspect

from tests.autograder.sandbox import tasks

_TABLE = "\n".join(f"value_{i} = {i} * 2" for i in range(10_000))
_FUNCTIONS = "".join(inspect.getsource(function) for function in (tasks.softmax, tasks.max_pool))
SOURCE = f"import numpy as np\n{_TABLE}\n{_FUNCTIONS}".encode()
