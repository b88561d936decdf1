"""k-means of the real sample; the value is the inertia."""


def kmeans_sklearn(inputs):
    from sklearn.cluster import KMeans

    points, clusters = inputs.array("real.f32", inputs.sizes["columns"]), inputs.sizes["clusters"]
    return lambda: KMeans(clusters, n_init=1, init="k-means++", random_state=1).fit(points).inertia_


def kmeans_faiss(inputs):
    import faiss

    columns, clusters = inputs.sizes["columns"], inputs.sizes["clusters"]
    points = inputs.array("real.f32", columns)

    def work():
        model = faiss.Kmeans(columns, clusters, niter=25, seed=1, max_points_per_centroid=len(points))
        model.train(points)
        return float(model.index.search(points, 1)[0].sum())

    return work
