"""MAUVE as its authors' package computes it by default, on faiss, written anew: rows of both samples at unit length, their principal components
for 90% of the variance, k-means in a tenth as many buckets as a sample has rows, 5 times 500 iterations without an early stop, and the area
under the divergence frontier of the two histograms."""
import numpy as np

SCALING = 5
POINTS = 25


def mauve_faiss(inputs, seed=25):
    import faiss
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import normalize

    columns = inputs.sizes["columns"]
    real, simulated = inputs.array("real.f32", columns), inputs.array("simulated.f32", columns)

    def work():
        rows = normalize(np.vstack([real, simulated]), norm="l2", axis=1)
        model = PCA(n_components=None, random_state=seed + 1).fit(rows)
        kept = int(np.argmax(np.cumsum(model.explained_variance_ratio_) >= 0.9)) + 1
        scores = np.ascontiguousarray(model.transform(rows)[:, :kept], dtype=np.float32)
        buckets = max(2, round(min(len(real), len(simulated)) / 10))
        clustering = faiss.Kmeans(kept, buckets, niter=500, nredo=5, update_index=True, seed=seed + 2)
        clustering.train(scores)
        labels = clustering.index.search(scores, 1)[1].ravel()
        p, q = (np.bincount(part, minlength=buckets) / len(part) for part in (labels[: len(real)], labels[len(real):]))
        return {"value": area(p, q), "vector": labels, "note": f"{kept} components"}

    return work


def area(p, q):
    """Both ways round, by trapezia; points that share an abscissa from the highest down."""
    shares = np.linspace(1e-6, 1 - 1e-6, POINTS)
    mixtures = [share * p + (1 - share) * q for share in shares]
    x = np.array([1, *(np.exp(-SCALING * divergence(q, mixture)) for mixture in mixtures), 0])
    y = np.array([0, *(np.exp(-SCALING * divergence(p, mixture)) for mixture in mixtures), 1])
    return (under(x, y) + under(y, x)) / 2


def divergence(p, mixture):
    there = p > 0
    return (p[there] * np.log(p[there] / mixture[there])).sum()


def under(x, y):
    order = np.lexsort((-y, x))
    x, y = x[order], y[order]
    return ((x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum() / 2
