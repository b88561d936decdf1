"""Proportions of a mixture of given components, by a primal-dual interior point in NumPy.

min -(1/N) sum_i log(L w)_i + sum w over w >= 0; the slacks s = 1 - gradient are non-negative at the optimum, where w s = 0. A few EM
passes, then Newton steps on gradient + s = 1, w s = mu, with Mehrotra's predictor and corrector.
"""
import numpy as np

TOLERANCE = 1e-6
# Rows scaled at a time, which stay in cache.
AT_ONCE = 4000


def interior_point(inputs):
    table = inputs.array("log-likelihood.f64", inputs.sizes["components"])
    return lambda: solve(table)


def solve(table):
    """Overwrites the table: fresh memory costs as much as the exponentials."""
    highest = table.max(axis=1, keepdims=True)
    table -= highest
    likelihood = np.exp(table, out=table)
    rows, columns = likelihood.shape
    weights = np.full(columns, 1 / columns)
    for _ in range(5):
        density = likelihood @ weights
        weights = np.maximum(weights * (likelihood.T @ (1 / density)) / rows, 1e-8 / columns)
    density = likelihood @ weights
    gradient = likelihood.T @ (1 / density) / rows
    slacks = np.maximum(1 - gradient, 1e-3)
    for iteration in range(100):
        total = weights.sum()
        # The gradient scales with 1 / total, so this is the gap of the weights on the simplex.
        gap = gradient.max() * total - 1
        if gap <= TOLERANCE:
            break
        factors = (1 / (density * np.sqrt(rows)))[:, None]
        hessian = np.zeros((columns, columns))
        for first in range(0, rows, AT_ONCE):
            scaled = likelihood[first:first + AT_ONCE] * factors[first:first + AT_ONCE]
            hessian += scaled.T @ scaled
        hessian[np.diag_indices(columns)] += slacks / weights
        lower = np.linalg.cholesky(hessian + 1e-14 * np.diag(np.diag(hessian)))
        residual = gradient - 1

        def direction(target):
            step = np.linalg.solve(lower.T, np.linalg.solve(lower, residual + target / weights))
            return step, (target - slacks * step) / weights - slacks

        step, change = direction(np.zeros(columns))
        mean = weights @ slacks / columns
        aimed = (weights + reach(weights, step) * step) @ (slacks + reach(slacks, change) * change) / columns
        centre = mean * np.clip(aimed / mean, 1e-4, 1) ** 3
        step, change = direction(centre - step * change)
        length = 0.995 * reach(weights, step)
        before = merit(density, weights, centre)
        along = likelihood @ step
        while length > 1e-10 and not merit(density + length * along, weights + length * step, centre) <= before + 1e-12:
            length /= 2
        weights = weights + length * step
        slacks = slacks + 0.995 * reach(slacks, change) * change
        density = density + length * along
        gradient = likelihood.T @ (1 / density) / rows
    weights = weights / weights.sum()
    value = np.log(likelihood @ weights).mean() + highest.mean()
    return {"value": value, "vector": weights, "note": f"{iteration} Newton steps"}


def reach(values, changes):
    """The largest step up to 1 / 0.995 that keeps values + step * changes >= 0."""
    falling = changes < 0
    return min(1 / 0.995, np.min(-values[falling] / changes[falling], initial=np.inf))


def merit(density, weights, centre):
    return weights.sum() - np.log(density).mean() - centre * np.log(weights).sum()
