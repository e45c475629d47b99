"""Uses the harmless part of the standard library."""
import bisect
import collections
import copy
import datetime
import enum
import fractions
import heapq
import io
import itertools
import json
import logging
import operator
import re
import statistics
import string
import textwrap
import warnings
from contextlib import contextmanager, suppress
from decimal import Decimal
from functools import lru_cache, partial, reduce

import numpy as np


class Axis(enum.Enum):
    LAST = -1


@contextmanager
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@lru_cache(maxsize=None)
def starts(length, k):
    return tuple(itertools.islice(itertools.count(0, k), length // k))


def softmax(x):
    with quiet(), suppress(KeyError):
        logging.getLogger("softmax").warning("shape %s", x.shape)
        counted = collections.Counter(re.findall(r"\w", string.ascii_lowercase))
        assert json.loads(json.dumps(counted))["a"] == 1
        assert bisect.bisect([1, 2, 3], 2) == 2 and heapq.nsmallest(1, [3, 1]) == [1]
        assert Decimal("0.1") + Decimal("0.2") == Decimal("0.3") and fractions.Fraction(1, 3) * 3 == 1
        assert statistics.mean([1, 2, 3]) == 2 and datetime.date(2026, 3, 1).isoformat() == "2026-03-01"
        print(textwrap.dedent("  done"), file=io.StringIO())
    e = np.exp(copy.deepcopy(x) - x.max(axis=Axis.LAST.value, keepdims=True))
    return e / e.sum(axis=Axis.LAST.value, keepdims=True)


def max_pool(x, k):
    highest = partial(reduce, operator.or_ if x.dtype == bool else max)
    rows, columns = starts(x.shape[0], k), starts(x.shape[1], k)
    return np.array([[highest(x[i : i + k, j : j + k].ravel()) for j in columns] for i in rows])
