"""KL divergence of the histograms of pairwise cosines within two samples, in float32."""
import numpy as np

BINS = 50
AT_ONCE = 512


def histogram(points):
    """Pairs i < j by bin. Blocks on and right of the diagonal; what a diagonal block counts twice, and its diagonal, is taken off again."""
    unit = points / np.sqrt(np.einsum("ij,ij->i", points, points))[:, None]
    scaled = unit * np.float32(BINS / 2)
    rows = len(unit)
    blocks = np.zeros(256 * 256)
    diagonal = np.zeros(256 * 256)
    own = 0
    for first in range(0, rows, AT_ONCE):
        last = min(first + AT_ONCE, rows)
        square = scaled[first:last] @ unit[first:last].T
        own += count(square, diagonal)
        if last < rows:
            count(scaled[first:last] @ unit[last:].T, blocks)
    # Each row's cosine with itself lies in the last bin.
    twice = fold(diagonal, own)
    twice[BINS - 1] -= rows
    return fold(blocks, 0) + twice / 2


def count(products, pairs):
    """Two bins at a time, as one 16-bit number: half the numbers to count. Returns 1 where one bin is counted without a partner."""
    products += np.float32(BINS / 2)
    # Rounding may leave [0, BINS] by a little: below, the cast cuts it off; above, `fold` does.
    bins = products.astype(np.uint8).ravel()
    even = len(bins) // 2 * 2
    pairs += np.bincount(bins[:even].view(np.uint16), minlength=256 * 256)
    if even < len(bins):
        pairs[int(bins[-1])] += 1
    return len(bins) - even


def fold(pairs, alone):
    square = pairs.reshape(256, 256)
    counts = square.sum(axis=0) + square.sum(axis=1)
    # A bin without a partner was paired with bin 0.
    counts[0] -= alone
    counts[BINS - 1] += counts[BINS]
    return counts[:BINS].copy()


def kl_cosine(inputs):
    columns = inputs.sizes["columns"]
    real, simulated = inputs.array("real.f32", columns), inputs.array("simulated.f32", columns)

    def work():
        p, q = (counts / counts.sum() + 1e-10 for counts in (histogram(real), histogram(simulated)))
        p, q = p / p.sum(), q / q.sum()
        return (p * np.log(p / q)).sum()

    return work
