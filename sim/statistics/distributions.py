"""The inverse distribution functions that the intervals need.

They come from `scipy.special`; `scipy.stats` offers the same behind an import that takes
about a second.
"""

from scipy import special


def student_t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """Return the point that Student's t stays under with `probability`."""
    return float(special.stdtrit(degrees_of_freedom, probability))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the point that a beta(`a`, `b`) variable stays under with `probability`."""
    return float(special.betaincinv(a, b, probability))


def gamma_quantile(probability: float, shape: float) -> float:
    """Return the point that a gamma variable of scale 1 stays under with `probability`."""
    return float(special.gammaincinv(shape, probability))
