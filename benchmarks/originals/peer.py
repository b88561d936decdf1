"""One run of one peer: peer.py TASK FOLDER OUTPUT. Reads the arrays of FOLDER, writes the task's vector, if it has one, to OUTPUT as
float64, and prints JSON: seconds, processor, peakMb, value, note. Exits with 3 where a package is missing, and says which."""
import importlib
import importlib.util
import json
import resource
import sys
import time
from pathlib import Path

# The file of each task, and what it imports.
TASKS = {
    "fid_sqrtm": ("frechet", ["numpy", "scipy"]),
    "fid_eigenvalues": ("frechet", ["numpy", "scipy"]),
    "kl_cosine": ("cosine_histogram", ["numpy"]),
    "kmeans_sklearn": ("clustering", ["numpy", "sklearn"]),
    "kmeans_faiss": ("clustering", ["numpy", "faiss"]),
    "mauve_faiss": ("mauve", ["numpy", "sklearn", "faiss"]),
    "interior_point": ("constant_mixture", ["numpy"]),
    "gate_step": ("gate", ["numpy", "torch"]),
    "gate_fit": ("gate", ["numpy", "torch"]),
    "gate_fit_32": ("gate", ["numpy", "torch"]),
}
# Name in pip, package of Debian.
PACKAGES = {
    "numpy": ("numpy", "python3-numpy"),
    "scipy": ("scipy", "python3-scipy"),
    "sklearn": ("scikit-learn", "python3-sklearn"),
    "faiss": ("faiss-cpu", "python3-faiss"),
    "torch": ("torch", "python3-torch"),
}


class Inputs:
    """The arrays and sizes that the harness wrote."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.sizes = json.loads((self.folder / "sizes.json").read_text())

    def array(self, name, columns=None):
        import numpy as np

        kind = {"f32": np.float32, "f64": np.float64, "i32": np.int32}[name.rsplit(".", 1)[1]]
        values = np.fromfile(self.folder / name, dtype=kind)
        return values if columns is None else values.reshape(-1, columns)


def libraries():
    """Which BLAS ran, where threadpoolctl is there to say it."""
    if importlib.util.find_spec("threadpoolctl") is None:
        return None
    from threadpoolctl import threadpool_info

    return [
        " ".join(str(one.get(key)) for key in ("internal_api", "version", "architecture", "threading_layer", "num_threads"))
        for one in threadpool_info()
        if one.get("user_api") == "blas"
    ]


def main():
    task, folder, output = sys.argv[1:4]
    module, packages = TASKS[task]
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        pip, debian = zip(*(PACKAGES[name] for name in missing))
        print(
            f"{sys.executable} lacks {' and '.join(pip)}: run {sys.executable} -m pip install -r benchmarks/originals/requirements.txt, "
            f"or on Debian apt-get install {' '.join(debian)}",
            file=sys.stderr,
        )
        sys.exit(3)
    # What is imported and read here is not counted.
    work = getattr(importlib.import_module(module), task)(Inputs(folder))
    start, used = time.perf_counter(), time.process_time()
    result = work()
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    if not isinstance(result, dict):
        result = {"value": result}
    vector = result.pop("vector", None)
    if vector is not None:
        vector.astype("float64").tofile(output)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"seconds": seconds, "processor": processor, **result, "value": float(result["value"])}
    print(json.dumps({**result, "peakMb": peak, "libraries": libraries()}))


if __name__ == "__main__":
    main()
