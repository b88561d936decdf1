"""The two-level gate in torch: the same objective, float32.

log sum_c pi_k(x) Omega_kj(x) p_c over a record's candidates c = (k, j), with pi = softmax_k(a + x.g_k) and Omega_k = softmax_j(b + x.e_j +
g_k.e_j) of the projected encodings. Omega's normaliser is a product of matrices, not an exponential per (record, persona, exemplar).
"""
import math
import os
import time

import numpy as np

THREADS = int(os.environ.get("OMP_NUM_THREADS", "2"))
# Rows whose logits and their derivatives stay near the processor: fewer or more were slower.
AT_ONCE = 500


class Problem:
    def __init__(self, inputs):
        import torch

        torch.set_num_threads(THREADS)
        torch.set_flush_denormal(True)
        sizes = inputs.sizes
        self.rank, self.dimension = sizes["rank"], sizes["dimension"]
        self.personas, self.exemplars, self.pairs = sizes["personas"], sizes["exemplars"], sizes["pairs"]
        matrix = lambda name: torch.from_numpy(inputs.array(name, self.dimension))
        self.hx, self.hg, self.he = matrix("hx.f32"), matrix("hg.f32"), matrix("he.f32")
        self.point = torch.from_numpy(inputs.array("point.f64").astype(np.float32)).reshape(3, self.rank, self.dimension)
        # Equal constant weights, and one over the candidates' common probability of having been chosen.
        components = max(1, self.personas) * max(1, self.exemplars)
        self.shift = -math.log(max(1, self.exemplars)) + math.log(components / self.pairs)
        self.parts = {part: self.read(inputs, part) for part in ("train", "validation", "test")}

    def read(self, inputs, part):
        import torch

        table = lambda name: torch.from_numpy(inputs.array(f"{part}-{name}", self.pairs))
        persona, exemplar = table("persona.i32").long(), table("exemplar.i32").long()
        return {
            "x": self.hx[torch.from_numpy(inputs.array(f"{part}-inputs.i32")).long()],
            "persona": persona,
            "exemplar": exemplar,
            "pair": persona * self.exemplars + exemplar,
            "log_likelihood": table("log-likelihood.f64").float(),
        }

    def batches(self, part, size, order=None):
        data = self.parts[part]
        for first in range(0, len(data["x"]), size):
            rows = slice(first, first + size) if order is None else order[first:first + size]
            yield {name: values[rows] for name, values in data.items()}

    def log_likelihoods(self, weights, batch):
        import torch

        wx, wg, we = weights
        x, g = batch["x"] @ wx.T, self.hg @ wg.T
        personas = torch.log_softmax(x @ g.T, dim=1)
        if self.exemplars == 0:
            terms = personas.gather(1, batch["persona"]) + batch["log_likelihood"]
            return torch.logsumexp(terms, dim=1) + math.log(self.personas / self.pairs)
        e = self.he @ we.T
        inputs, pairs = x @ e.T, g @ e.T
        input_top, pair_top = inputs.detach().amax(1, keepdim=True), pairs.detach().amax(1, keepdim=True)
        sums = (inputs - input_top).exp() @ (pairs - pair_top).exp().T
        normalisers = sums.clamp_min(1e-30).log() + input_top + pair_top.T - math.log(self.exemplars)
        # By row, as gather does it; the pairs are shared by all records.
        terms = (personas - normalisers).gather(1, batch["persona"]) + inputs.gather(1, batch["exemplar"])
        terms = terms + pairs.reshape(-1).index_select(0, batch["pair"].reshape(-1)).reshape(terms.shape)
        return torch.logsumexp(terms + batch["log_likelihood"], dim=1) + self.shift

    def mean(self, weights, part, at_once=AT_ONCE):
        import torch

        with torch.no_grad():
            return float(torch.cat([self.log_likelihoods(weights, batch) for batch in self.batches(part, at_once)]).double().mean())


def gate_step(inputs):
    """One gradient over all training records: the median of five after one that warms up."""
    problem = Problem(inputs)
    records = len(problem.parts["train"]["x"])

    def work():
        weights = [part.clone().requires_grad_() for part in problem.point]
        seconds, processor = [], []
        for _ in range(6):
            for part in weights:
                part.grad = None
            start, used = time.perf_counter(), time.process_time()
            value = 0.0
            for batch in problem.batches("train", AT_ONCE):
                share = problem.log_likelihoods(weights, batch).sum() / records
                share.backward()
                value += share.item()
            seconds.append(time.perf_counter() - start)
            processor.append(time.process_time() - used)
        # Without exemplars W_e has no part in the objective.
        gradient = [np.zeros(part.shape) if part.grad is None else part.grad.numpy() for part in weights]
        vector = np.concatenate([part.ravel() for part in gradient])
        return {"value": value, "vector": vector, "seconds": sorted(seconds[1:])[2], "processor": sorted(processor[1:])[2]}

    return work


def gate_fit_32(inputs):
    """At rank 32, our default."""
    return gate_fit(inputs, rank=32, rate=2e-3, batch=250, scale=0.5)


# Of 16 settings of rate, batch, ridge and scale tried on this problem, the ones that came near the best held-out value soonest. A ridge made the
# best no better and five times as late.
def gate_fit(inputs, rate=2e-3, batch=500, ridge=0.0, scale=0.3, epochs=60, patience=3, rank=None):
    """Adam from small random weights, a look at the held-out records after every epoch; `seconds` is the time until the best."""
    import torch

    problem = Problem(inputs)
    rank = rank or problem.rank

    def work():
        torch.manual_seed(1)
        weights = [(torch.randn(rank, problem.dimension) * scale / math.sqrt(rank)).requires_grad_() for _ in range(3)]
        optimiser = torch.optim.Adam(weights, lr=rate)
        records = len(problem.parts["train"]["x"])
        start, used, processor = time.perf_counter(), time.process_time(), 0.0
        best, best_at, best_epoch, best_weights, trace = -math.inf, 0.0, 0, None, []
        for epoch in range(1, epochs + 1):
            for rows in problem.batches("train", batch, torch.randperm(records)):
                loss = -problem.log_likelihoods(weights, rows).mean()
                if ridge:
                    loss = loss + ridge * sum((part * part).sum() for part in weights)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            value = problem.mean(weights, "validation")
            elapsed = time.perf_counter() - start
            if value > best:
                best, best_at, best_epoch = value, elapsed, epoch
                processor = time.process_time() - used
                best_weights = [part.detach().clone() for part in weights]
            trace += [elapsed, best]
            if epoch - best_epoch >= patience:
                break
        fresh = problem.mean(best_weights, "test")
        note = f"best after epoch {best_epoch} of {epoch}, {best_at / best_epoch:.2f} s each, new records {fresh:.4f}"
        return {"value": best, "vector": np.array(trace), "seconds": best_at, "processor": processor, "note": note}

    return work
