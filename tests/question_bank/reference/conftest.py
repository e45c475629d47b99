from collections.abc import Callable

import numpy as np
import pytest
from onnx import TensorProto, defs, helper
from onnx.reference import ReferenceEvaluator


def _run_node(operator: str, inputs: list, outputs: int = 1, domain: str = "", **attributes):
    names = [f"input{i}" for i in range(len(inputs))]
    results = [f"output{i}" for i in range(outputs)]
    graph = helper.make_graph(
        [helper.make_node(operator, names, results, domain=domain, **attributes)],
        operator,
        [
            helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(np.asarray(a).dtype), None)
            for n, a in zip(names, inputs, strict=True)
        ],
        [helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None) for name in results],
    )
    opsets = [helper.make_opsetid("", defs.onnx_opset_version())]
    if domain:
        opsets.append(helper.make_opsetid(domain, 1))
    model = helper.make_model(graph, opset_imports=opsets)
    got = ReferenceEvaluator(model).run(None, dict(zip(names, map(np.asarray, inputs), strict=True)))
    return got[0] if outputs == 1 else got


def _central_differences(f: Callable[[np.ndarray], float], x: np.ndarray, step: float = 1e-5) -> np.ndarray:
    slopes = np.empty(x.shape)
    for cell in np.ndindex(*x.shape):
        above, below = x.copy(), x.copy()
        above[cell] += step
        below[cell] -= step
        slopes[cell] = (f(above) - f(below)) / (2 * step)
    return slopes


@pytest.fixture(scope="session")
def onnx_node():
    """Run one ONNX operator in ONNX's own reference evaluator."""
    return _run_node


@pytest.fixture(scope="session")
def central_differences():
    """Take the gradient of a function of one array by central differences."""
    return _central_differences
