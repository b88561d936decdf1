"""Fréchet distance of the Gaussians of two samples, in float64."""
import numpy as np


def gaussian(points):
    points = points.astype(np.float64)
    return points.mean(axis=0), np.cov(points, rowvar=False)


def both(inputs):
    columns = inputs.sizes["columns"]
    return inputs.array("real.f32", columns), inputs.array("simulated.f32", columns)


def fid_sqrtm(inputs):
    """As the originals have it: the whole matrix square root."""
    import scipy.linalg

    real, simulated = both(inputs)

    def work():
        (m1, c1), (m2, c2) = gaussian(real), gaussian(simulated)
        root = scipy.linalg.sqrtm(c1 @ c2)
        return ((m1 - m2) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * np.trace(root.real)

    return work


def fid_eigenvalues(inputs):
    """The better algorithm: only the eigenvalues of the symmetric product."""
    import scipy.linalg

    real, simulated = both(inputs)

    def work():
        (m1, c1), (m2, c2) = gaussian(real), gaussian(simulated)
        lower = np.linalg.cholesky(c1)
        values = scipy.linalg.eigvalsh(lower.T @ c2 @ lower)
        return ((m1 - m2) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * np.sqrt(np.maximum(values, 0)).sum()

    return work
