"""Choices made of uniforms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.fates.luck import picked_by


@pytest.mark.parametrize("choices", [1, 2, 9, 10, 40])
def test_a_choice_is_the_stretch_that_holds_the_uniform(choices: int) -> None:
    """Few choices and many alike: a uniform on an edge belongs to the stretch above it."""
    size = 1.0 / choices
    shares = dict.fromkeys(range(choices), size) | {choices: 0.0}
    edges = np.cumsum([size] * choices)[:-1]
    uniform = np.concatenate([edges, np.nextafter(edges, 0.0), np.arange(0.5, 200.0) / 200.0])
    expected = [int((edges <= one).sum()) for one in uniform]
    assert picked_by(shares, uniform).tolist() == expected
