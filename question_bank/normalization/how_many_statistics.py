"""Count the means that each kind of normalization takes over one batch of images (material Q6, figures 7, 8)."""

import numpy as np

from quizgen.authoring import NumericQuestion, one_of, some_of

question = NumericQuestion(
    source="Q6 eq. (22), figures 7, 8",
    level=1,
    minutes=4,
    decimals=0,
    conventions=("nchw", "layer_norm_all_axes"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Sizes that are all different, with groups that divide the channels."""
    C = one_of(rng, 12, 16, 18, 24, 32)
    H, W = some_of(rng, [5, 7, 9, 10, 14], 2)
    return {
        "N": one_of(rng, 4, 6, 8, 20),
        "C": C,
        "H": H,
        "W": W,
        "G": one_of(rng, *(g for g in (2, 3, 4, 6, 8) if C % g == 0 and g * g != C)),
    }


@question.require
def sizes_differ(N: int, C: int, G: int) -> bool:
    """No two sizes agree, so that every count tells where it came from."""
    return len({N, C, G, C // G}) == 4


@question.step
def batch(C: int) -> int:
    """Batch normalization: one mean per channel."""
    return C


@question.step
def layer(N: int) -> int:
    """Layer normalization: one mean per sample."""
    return N


@question.step
def instance(N: int, C: int) -> int:
    """Instance normalization: one mean per sample and channel."""
    return N * C


@question.step
def group(N: int, G: int) -> int:
    """Group normalization: one mean per sample and group."""
    return N * G


@question.step
def group_size(C: int, G: int, H: int, W: int) -> int:
    """Count the values behind each of group normalization's means."""
    return C // G * H * W


@question.mistake(batch)
def batch_per_sample(N: int) -> int:
    """Give batch normalization layer normalization's count."""
    return N


@question.mistake(batch)
def batch_per_pixel(C: int, H: int, W: int) -> int:
    """Average over the batch only, so that each pixel has a mean."""
    return C * H * W


@question.mistake(layer)
def layer_per_channel(C: int) -> int:
    """Give layer normalization batch normalization's count."""
    return C


@question.mistake(layer, other_convention=True)
def layer_per_pixel(N: int, H: int, W: int) -> int:
    """Average over the channels only."""
    return N * H * W


@question.mistake(layer)
def layer_per_map(N: int, C: int) -> int:
    """Give layer normalization instance normalization's count."""
    return N * C


@question.mistake(instance)
def instance_per_sample(N: int) -> int:
    """Give instance normalization layer normalization's count."""
    return N


@question.mistake(instance)
def instance_per_channel(C: int) -> int:
    """Forget that each sample has its own means."""
    return C


@question.mistake(group)
def group_without_samples(G: int) -> int:
    """Forget that each sample has its own groups."""
    return G


@question.mistake(group)
def group_by_size(N: int, C: int, G: int) -> int:
    """Take G for the number of channels in a group."""
    return N * C // G


@question.mistake(group_size)
def channels_alone(C: int, G: int) -> int:
    """Forget rows and columns."""
    return C // G


@question.mistake(group_size)
def groups_for_channels(G: int, H: int, W: int) -> int:
    """Take G for the number of channels in a group."""
    return G * H * W
