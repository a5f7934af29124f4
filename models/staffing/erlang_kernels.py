"""The Erlang B, C and A formulas, compiled: one queue, `agents` servers, a load of R = λ x AHT erlangs.

All sums have positive terms only, so nothing cancels. With M(a, y) = 1 + y/(a+1) + y²/((a+1)(a+2)) + … and the Poisson term
w(a, y) = y^a e^-y / Γ(a+1), the regularised incomplete gamma function is P(a, y) = w(a, y) M(a, y).

Sources: A. K. Erlang (1917); C. Palm (1957); A. Mandelbaum and S. Zeltyn, "Service engineering in action: the
Palm/Erlang-A queue" (2007), with their integrals written as incomplete gamma functions; C. Loader, "Fast and accurate
computation of binomial probabilities" (2000); N. Temme, "The asymptotic expansion of the incomplete gamma functions" (1979).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])

_TINY = 1e-17  # a term this small against its sum no longer changes it
_HUGE = 1e300  # 1 / B beyond this: nobody is ever refused
_NEAR_DEVIATIONS, _NEAR = 6.0, 30.0  # M is summed up to y = a + 6 √a + 30, where it is below e^50
_LONG = 1e6  # from here on Temme's expansion replaces sums of thousands of terms
_TEMME_MU = 0.05  # |y/a - 1| up to which its coefficients are expanded


def compiled(function: _F) -> _F:
    """Compile on first use and keep the result on disk, without losing the function's type."""
    return cast("_F", njit(cache=True, error_model="numpy")(function))


@compiled
def inverse_blocking(agents: int, load: float) -> float:
    """1 / B(n, R) = sum over k of n! / (n-k)! R^-k, cut at 1e300; load > 0."""
    term = total = 1.0
    for left in range(agents, 0, -1):
        term *= left / load
        total += term
        if (left - 1 < load and term < _TINY * total) or total > _HUGE:
            break
    return min(total, _HUGE)


@compiled
def next_inverse_blocking(agents: int, load: float, inverse: float) -> float:
    """1 / B(n, R) from `inverse` = 1 / B(n-1, R)."""
    return min(1.0 + agents / load * inverse, _HUGE)


@compiled
def _deviance(mu: float) -> float:
    """μ - ln(1 + μ) >= 0 without cancellation; μ > -1."""
    if abs(mu) > 0.3:
        return mu - math.log1p(mu)
    v = mu / (2.0 + mu)
    square = v * v
    power = v * square
    total = mu * v
    k = 3.0
    while True:
        term = 2.0 * power / k
        total -= term
        if abs(term) <= _TINY * abs(total):
            return total
        power *= square
        k += 2.0


@compiled
def _stirling_error(a: float) -> float:
    """The logarithm of Γ(a+1) less that of √(2πa) (a/e)^a."""
    if a < 16.0:
        return math.lgamma(a + 1.0) - (a + 0.5) * math.log(a) + a - 0.5 * math.log(2.0 * math.pi)
    s = 1.0 / (a * a)
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * 691 / 360360))))) / a


@compiled
def _poisson_term(a: float, y: float) -> float:
    """w(a, y) for a > 0, y > 0."""
    if a < 16.0:
        return math.exp(a * math.log(y) - y - math.lgamma(a + 1.0))
    return math.exp(-_stirling_error(a) - a * _deviance((y - a) / a)) / math.sqrt(2.0 * math.pi * a)


@compiled
def _scaled_erfc(z: float) -> float:
    """e^(z²) erfc(z)."""
    if z < 5.0:
        return math.exp(z * z) * math.erfc(z)
    fraction = z
    for k in range(24, 0, -1):
        fraction = z + 0.5 * k / fraction
    return 1.0 / (math.sqrt(math.pi) * fraction)


@compiled
def _temme(a: float, mu: float) -> float:
    """M(a, a (1+μ)) for a >= 1e6 and small |μ|; what is left out is below 1e-16."""
    eta = math.copysign(math.sqrt(2.0 * _deviance(mu)), mu)
    c0 = -1 / 3 + eta * (1 / 12 - eta * (2 / 135 - eta * (1 / 864 + eta * (1 / 2835 - eta * 139 / 777600))))
    c1 = -1 / 540 - eta * (1 / 288 - eta / 378)
    head = math.sqrt(0.5 * math.pi * a) * _scaled_erfc(-eta * math.sqrt(0.5 * a))
    return math.exp(_stirling_error(a)) * (head - c0 - c1 / a)


@compiled
def _is_near(a: float, y: float) -> bool:
    return y <= a + _NEAR_DEVIATIONS * math.sqrt(a) + _NEAR


@compiled
def _m(a: float, y: float) -> float:
    """M(a, y), for y that is near or below a."""
    if a > _LONG and abs(y - a) < _TEMME_MU * a:
        return _temme(a, (y - a) / a)
    term = total = 1.0
    k = a
    while True:
        k += 1.0
        term *= y / k
        total += term
        if term <= _TINY * total and k > y:
            return total


@compiled
def _upper_tail(a: float, y: float) -> float:
    """1 - P(a, y) for y far above a, by Legendre's continued fraction (Lentz's method)."""
    weight = _poisson_term(a, y)
    if weight == 0.0:
        return 0.0
    b = y + 1.0 - a
    c = 1e300
    d = 1.0 / b
    fraction = d
    i = 0.0
    while True:
        i += 1.0
        numerator = -i * (i - a)
        b += 2.0
        d = 1.0 / (numerator * d + b)
        c = b + numerator / c
        change = c * d
        fraction *= change
        if abs(change - 1.0) < 1e-16:
            return weight * a * fraction


@compiled
def _lower(a: float, y: float) -> float:
    """P(a, y)."""
    if y <= 0.0:
        return 0.0
    if not _is_near(a, y):
        return 1.0 - _upper_tail(a, y)
    weight = _poisson_term(a, y)
    return weight * _m(a, y) if weight > 0.0 else 0.0


@compiled
def _lost_sum(c: float, x: float) -> float:
    """1 - (c-x)/c M(c, x) for x < c: the sum of (k+1) x^(k+1) / (c (c+1) … (c+k+1))."""
    gap = 1.0 - x / c
    if gap < 0.1 and c * gap * gap < _NEAR:
        return 1.0 - gap * _m(c, x)
    term = x / (c * (c + 1.0))
    total = term
    k = 1.0
    while True:
        term *= x / (c + k + 1.0)
        k += 1.0
        total += k * term
        if k * term <= _TINY * total:
            return total


@compiled
def erlang_c(agents: int, load: float, aht: float, target: float, before: float) -> tuple[float, float]:
    """(service level, P(wait)); `before` = 1 / B(n-1, R). P(wait) = 1 / ((1-ρ)/B + ρ); SL = 1 - P(wait) e^(-(n-R) t/AHT)."""
    spare = agents - load
    if spare <= 0.0:
        return 0.0, 1.0
    # (1-ρ)/B(n) + ρ with 1/B(n) = 1 + n/R /B(n-1) is 1 + (n-R)/R /B(n-1).
    wait = 1.0 / (1.0 + spare / load * before)
    return 1.0 - wait * math.exp(-spare * target / aht), wait


@compiled
def erlang_a(
    agents: int, load: float, aht: float, target: float, patience: float, before: float
) -> tuple[float, float]:
    """(service level, share served), both of all offered; agents >= 1, `before` = E = 1 / B(n-1, R).

    With θ = 1 / patience, c = n μ / θ, x = λ / θ, y = x e^-θt and D = E + x/c M(c, x):
    served = (E + M(c, x) - 1) / D; SL = served - x/(c+1) M(c+1, y) e^(x (1 - e^-θt) - (c+1) θt) / D.
    Deep in overload, where M overflows, the same divided by 1/w(c, x).
    """
    scale = patience / aht
    c, x = agents * scale, load * scale
    elapsed = target / patience
    y = x * math.exp(-elapsed)
    if _is_near(c, x):
        m = _m(c, x)
        total = before + load / agents * m
        served = (before + m - 1.0) / total
        late = 0.0
        exponent = ((load - agents) * scale - 1.0) * elapsed - x * (elapsed + math.expm1(-elapsed))
        if elapsed < 1e-3:  # u - (1 - e^-u) by its series
            exponent = ((load - agents) * scale - 1.0) * elapsed - x * elapsed * elapsed * (
                0.5 - elapsed * (1 / 6 - elapsed * (1 / 24 - elapsed * (1 / 120 - elapsed / 720)))
            )
        if exponent > -100.0:
            late = x / (c + 1.0) * _m(c + 1.0, y) * math.exp(exponent) / total
        return min(1.0, max(0.0, served - late)), min(1.0, served)
    weight = _poisson_term(c, x)
    lower = _lower(c, x)
    total = before * weight + load / agents * lower
    served = (before * weight + lower - weight) / total
    late = _lower(c + 1.0, y) / total
    return min(1.0, max(0.0, served - late)), min(1.0, served)


@compiled
def abandonment(agents: int, load: float, aht: float, patience: float, before: float) -> float:
    """Share of offered contacts that hang up: (1 - (c-x)/c M(c, x)) / D, in the symbols of `erlang_a`."""
    scale = patience / aht
    c, x = agents * scale, load * scale
    surplus = (load - agents) / agents
    if not _is_near(c, x):
        weight = _poisson_term(c, x)
        lower = _lower(c, x)
        return (weight + surplus * lower) / (before * weight + load / agents * lower)
    m = _m(c, x)
    lost = 1.0 + surplus * m if surplus >= 0.0 else _lost_sum(c, x)
    return lost / (before + load / agents * m)


@compiled
def queued(agents: int, load: float, aht: float, patience: float) -> float:
    """P(nobody is free) over P(one agent is free): x/c M(c, x), in the symbols of `erlang_a`; inf where the queue grows."""
    if patience == math.inf:
        return load / (agents - load) if agents > load else math.inf
    c, x = agents * patience / aht, load * patience / aht
    if _is_near(c, x):
        return load / agents * _m(c, x)
    weight = _poisson_term(c, x)
    return load / agents * _lower(c, x) / weight if weight > 0.0 else math.inf


@compiled
def service(agents: int, load: float, aht: float, target: float, patience: float, before: float) -> tuple[float, float]:
    """(service level, share served) for agents >= 1, load > 0; infinite patience is Erlang C."""
    if patience == math.inf:
        level, _ = erlang_c(agents, load, aht, target, before)
        return level, min(1.0, agents / load)
    return erlang_a(agents, load, aht, target, patience, before)


@compiled
def measures(agents: int, load: float, aht: float, target: float, patience: float) -> tuple[float, float, float, float]:
    """(service level, mean wait, abandonment, occupancy); no load: everybody is answered at once."""
    if load <= 0.0:
        return 1.0, 0.0, 0.0, 0.0
    if agents == 0:
        return 0.0, patience, 0.0 if patience == math.inf else 1.0, 1.0
    before = inverse_blocking(agents - 1, load)
    if patience == math.inf:
        if agents <= load:
            return 0.0, math.inf, 0.0, 1.0
        level, wait = erlang_c(agents, load, aht, target, before)
        return level, wait * aht / (agents - load), 0.0, load / agents
    level, served = erlang_a(agents, load, aht, target, patience, before)
    lost = abandonment(agents, load, aht, patience, before)
    return level, lost * patience, lost, min(1.0, load * served / agents)
