"""What every reference function promises, whatever it computes."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import sys

import numpy as np
import pytest

from question_bank import reference

MODULES = [
    importlib.import_module(f"{reference.__name__}.{module.name}")
    for module in pkgutil.iter_modules(reference.__path__)
]
FUNCTIONS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
}
CHECKS = {"arrays.require_axes", "arrays.require_shape"}  # they raise, and compute nothing

MAP, POOLED = (2, 4, 5, 7), (2, 4, 2, 3)
GAMMA, LABELS, ORDER = (4,), np.array([0, 2, 1]), np.array([2, 0, 1])
WINDOW = (2, 2), (2, 2)
PADDED = (3, 2), (2, 3), (1, 1)
PADDED_POOL = (2, 4, 3, 3)

# A shape stands for an array of positive numbers below 1 in the dtype under test, in a list so that it is
# not taken for a window; everything else is handed over as it is.
CALLS = {
    **{f"activations.{name}": [[MAP]] for name in ("sigmoid", "sigmoid_grad", "tanh", "tanh_grad", "relu")},
    **{f"activations.{name}": [[MAP]] for name in ("relu_grad", "gelu", "gelu_grad", "silu", "silu_grad")},
    **{f"activations.{name}": [[MAP], 0.1] for name in ("leaky_relu", "leaky_relu_grad", "elu", "elu_grad")},
    "activations.relu_backward": [[MAP], [MAP]],
    "augmentation.hflip": [[MAP]],
    "augmentation.random_crop": [[MAP], np.array([0, 1]), np.array([2, 0]), (4, 5)],
    "backprop.neuron_forward": [[(3,)], [(3,)], 0.5],
    "backprop.neuron_backward": [[(3,)], [(3,)], 0.5, 2.0],
    "backprop.dense_forward": [[(3, 4)], [(4, 2)], [(2,)]],
    "backprop.dense_backward": [[(3, 2)], [(3, 4)], [(4, 2)]],
    "backprop.softmax_cross_entropy": [[(3, 4)], LABELS],
    "backprop.mlp_loss_and_grads": [[(3, 2)], LABELS, [(2, 4)], [(4,)], [(4, 3)], [(3,)]],
    "descent.mse_loss": [[(3, 2)], [(3,)], [(2,)]],
    "descent.mse_gradient": [[(3, 2)], [(3,)], [(2,)]],
    "descent.batch_gd": [[(3, 2)], [(3,)], [(2,)], 0.1, 2],
    "descent.sgd_epoch": [[(3, 2)], [(3,)], [(2,)], 0.1, ORDER],
    "descent.minibatches": [ORDER, 2],
    "descent.minibatch_epoch": [[(3, 2)], [(3,)], [(2,)], 0.1, ORDER, 2],
    "descent.momentum_step": [[(3, 2)], [(3, 2)], [(3, 2)], 0.1, 0.9],
    "descent.largest_curvature": [[(3, 2)]],
    "descent.step_size_limit": [[(3, 2)]],
    "dropout.dropout_mask": [[MAP], 0.3],
    "dropout.dropout_forward": [[MAP], [MAP], 0.3],
    "dropout.dropout_backward": [[MAP], [MAP], 0.3],
    "feature_scaling.min_max_scale": [[(3, 2)], [(4, 2)]],
    "feature_scaling.standardize": [[(3, 2)], [(4, 2)]],
    "gradients.chain_forward": [[(3,)], [(3,)], 0.5],
    "gradients.chain_gradient": [[(3,)], [(3,)], 0.5, 2.0],
    "gradients.first_ripple": [0.5, 0.1],
    "gradients.vanishing_bound": [2.0, 3],
    "gradients.explosion_band": [5.0],
    "gradients.gradient_norm": [[MAP]],
    "gradients.gradient_norms": [[(3, 2, 2)], [(4, 2)], [(4, 2)], "sigmoid"],
    "gradients.clip_by_norm": [[MAP], 0.5],
    "normalization.batch_norm_forward": [[MAP], [GAMMA], [GAMMA], 0.1],
    "normalization.batch_norm_backward": [[MAP], [MAP], [GAMMA], 0.1],
    "normalization.batch_norm_running": [[MAP], [GAMMA], [GAMMA], 0.9],
    "normalization.batch_norm_inference": [[MAP], [GAMMA], [GAMMA], [GAMMA], [GAMMA], 0.1],
    "normalization.layer_norm_forward": [[MAP], [MAP[1:]], [MAP[1:]], 0.1],
    "normalization.layer_norm_backward": [[MAP], [MAP], [MAP[1:]], 0.1],
    "normalization.instance_norm": [[MAP], [GAMMA], [GAMMA], 0.1],
    "normalization.group_norm": [[MAP], [GAMMA], [GAMMA], 2, 0.1],
    "pooling.avg_pool_forward": [[MAP], *PADDED],
    "pooling.max_pool_forward": [[MAP], *PADDED],
    "pooling.global_avg_pool": [[MAP]],
    "pooling_backward.avg_pool_backward": [[MAP], [PADDED_POOL], *PADDED],
    "pooling_backward.max_pool_backward": [[MAP], [PADDED_POOL], *PADDED],
    "pooling_backward.global_avg_pool_backward": [[MAP], [MAP[:2]]],
    "probabilities.log_odds": [[MAP]],
    "probabilities.softmax": [[MAP]],
    "probabilities.log_softmax": [[MAP]],
    "probabilities.saturation_edge": [0.1],
    "probabilities.active_share": [[MAP]],
    "regularization.l2_penalty": [[MAP], 0.1],
    "regularization.l1_penalty": [[MAP], 0.1],
    "regularization.weight_decay_step": [[MAP], [MAP], 0.1, 0.1],
    "regularization.decayed_weights": [[MAP], 0.1, 0.1, 3],
    "regularization.l1_subgradient_step": [[MAP], [MAP], 0.1, 0.1],
    "regularization.soft_threshold": [[MAP], 0.1],
    "regularization.early_stopping": [[(6,)], 2, 0.01],
    "stochastic_pooling.stochastic_pool": [[MAP], [POOLED], *WINDOW],
    "stochastic_pooling.stochastic_pool_choice": [[MAP], [POOLED], *WINDOW],
    "stochastic_pooling.stochastic_pool_expectation": [[MAP], *WINDOW],
    "stochastic_pooling.stochastic_pool_backward": [[MAP], [POOLED], [POOLED], *WINDOW],
    "windows.pool_output_size": [7, 3, 2, 1],
    "windows.output_shape": [[MAP], *PADDED],
    "windows.cut_windows": [[MAP], *PADDED, 0.0],
    "windows.add_windows": [[(*PADDED_POOL, 6)], [MAP], *PADDED],
}
INTEGERS_OUT = {"descent.minibatches", "stochastic_pooling.stochastic_pool_choice"}


def arguments(name, dtype):
    rng = np.random.default_rng(11)
    made = [rng.uniform(0.1, 0.9, a[0]).astype(dtype) if isinstance(a, list) else a for a in CALLS[name]]
    for argument in made:
        if isinstance(argument, np.ndarray):
            argument.flags.writeable = False
    return made


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def test_every_function_is_held_to_the_contract():
    assert set(CALLS) == set(FUNCTIONS) - CHECKS


@pytest.mark.parametrize("name", sorted(CALLS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_stay_as_they_are_and_the_dtype_is_kept(name, dtype):
    given = arguments(name, dtype)
    before = [a.copy() if isinstance(a, np.ndarray) else a for a in given]
    results = parts(FUNCTIONS[name](*given))
    for argument, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(argument, copy)
    for result in results:
        if isinstance(result, np.ndarray):
            assert result.dtype == (np.int64 if name in INTEGERS_OUT else dtype)
            assert not any(np.shares_memory(result, a) for a in given if isinstance(a, np.ndarray))
            assert np.all(np.isfinite(result))
        else:
            assert type(result) in {int, float} or name.startswith("activations.")


@pytest.mark.parametrize("name", sorted(name for name in CALLS if name not in INTEGERS_OUT))
def test_float32_differs_from_float64_by_rounding_only(name):
    rough = parts(FUNCTIONS[name](*arguments(name, np.float32)))
    fine = parts(FUNCTIONS[name](*arguments(name, np.float64)))
    for one, other in zip(rough, fine, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - CHECKS))
def test_docstrings_name_every_parameter_and_what_comes_back(name):
    text = inspect.getdoc(FUNCTIONS[name])
    assert "\nReturns\n-------\n" in text
    assert "\nExamples\n--------\n" in text
    section = text.split("\nParameters\n----------\n")[1].split("\nReturns\n")[0]
    described = [
        word for line in section.splitlines() if not line.startswith(" ") for word in line.split(" : ")[0].split(", ")
    ]
    assert [word for word in described if word] == list(inspect.signature(FUNCTIONS[name]).parameters)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_run(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_modules_import_numpy_and_the_standard_library_only(module):
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.startswith("question_bank.reference.") or name.split(".")[0] in {
                "numpy",
                *sys.stdlib_module_names,
            }
