"""One run of one peer: peer.py NAME FOLDER ROWS COLUMNS. Prints JSON: seconds, peakMb, value."""
import json, resource, sys, time
import numpy as np

name, folder, rows, columns = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
read = lambda file: np.fromfile(f"{folder}/{file}.f32", dtype=np.float32).reshape(rows, columns)
real, simulated = read("real"), read("simulated")


def gaussian(points):
    points = points.astype(np.float64)
    return points.mean(axis=0), np.cov(points, rowvar=False)


def fid_sqrtm():
    import scipy.linalg
    (m1, c1), (m2, c2) = gaussian(real), gaussian(simulated)
    root = scipy.linalg.sqrtm(c1 @ c2)
    return ((m1 - m2) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * np.trace(root.real)


def fid_eigenvalues():
    import scipy.linalg
    (m1, c1), (m2, c2) = gaussian(real), gaussian(simulated)
    lower = np.linalg.cholesky(c1)
    values = scipy.linalg.eigvalsh(lower.T @ c2 @ lower)
    return ((m1 - m2) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * np.sqrt(np.maximum(values, 0)).sum()


def kl_cosine():
    def shares(points):
        unit = points / np.linalg.norm(points, axis=1, keepdims=True)
        counts = np.zeros(50)
        for first in range(0, rows, 500):
            block = unit[first:first + 500] @ unit.T
            above = np.arange(rows)[None, :] > np.arange(first, first + len(block))[:, None]
            counts += np.histogram(np.clip(block[above], -1, 1), bins=50, range=(-1, 1))[0]
        share = counts / counts.sum() + 1e-10
        return share / share.sum()
    p, q = shares(real), shares(simulated)
    return (p * np.log(p / q)).sum()


def kmeans_sklearn():
    from sklearn.cluster import KMeans
    return KMeans(100, n_init=1, init="k-means++", random_state=1).fit(real).inertia_


def kmeans_faiss():
    import faiss
    model = faiss.Kmeans(columns, 100, niter=25, seed=1, max_points_per_centroid=rows)
    model.train(real)
    return float(model.index.search(real, 1)[0].sum())


if name.endswith("sklearn"):
    import sklearn.cluster
elif name.endswith("faiss"):
    import faiss
elif name.startswith("fid"):
    import scipy.linalg
start = time.perf_counter()
value = float(globals()[name]())
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "value": value}))
