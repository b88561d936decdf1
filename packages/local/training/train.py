"""Trains the society model for --minutes, in --workers processes of one thread each; checkpoints on the way.

Each worker trains on its own rows, and every --together steps weights and optimiser moments are averaged (local
stochastic gradient descent). On a machine whose cores are shared this is several times faster than one process of two
threads, which wait for each other inside every product, and twice as fast as averaging gradients at every step.
"""

import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.distributed as distributed
import torch.multiprocessing
import torch.nn.functional as F

from model import Llama, Shape, document_mask


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True, help="folder with the arrays of prepare.py; checkpoints go here")
    parser.add_argument("--minutes", type=float, default=55)
    parser.add_argument("--batch", type=int, default=16, help="rows a step over all workers (twice as many short ones), a multiple of four times the workers")
    parser.add_argument("--optimiser", choices=["adamw", "muon"], default="muon", help="for the matrices of the blocks")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--warmup", type=int, default=100, help="steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--together", type=int, default=16, help="steps between two averagings")
    parser.add_argument("--start", help="checkpoint whose weights to start from")
    parser.add_argument("--name", default="checkpoint.pt")
    arguments = parser.parse_args()
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29517", GLOO_SOCKET_IFNAME="lo", OMP_NUM_THREADS="1")
    torch.multiprocessing.spawn(work, args=(arguments,), nprocs=arguments.workers)


def average(parameters, optimisers, workers):
    """Replaces weights and optimiser moments by their means over the workers."""
    moments = [
        value
        for optimiser in optimisers
        for state in optimiser.state.values()
        for value in state.values()
        if torch.is_tensor(value) and value.dim() > 0
    ]
    tensors = [p.data for p in parameters] + moments
    flat = torch.cat([tensor.flatten() for tensor in tensors])
    distributed.all_reduce(flat)
    flat /= workers
    at = 0
    for tensor in tensors:
        tensor.copy_(flat[at : at + tensor.numel()].view_as(tensor))
        at += tensor.numel()


def work(rank, arguments):
    distributed.init_process_group("gloo", rank=rank, world_size=arguments.workers)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)

    def load(split):
        sides = []
        for side in ("short", "long"):
            with np.load(os.path.join(arguments.work, f"{split}-{side}.npz")) as file:
                sides.append({name: file[name] for name in ("tokens", "weights", "numbers")})
        return sides

    data, check = load("train"), load("validation")
    sizes = [2 * arguments.batch, arguments.batch]
    shape = Shape()
    model = Llama(shape)
    began_with = 0
    if arguments.start is not None:
        saved = torch.load(os.path.join(arguments.work, arguments.start), weights_only=True)
        model.load_state_dict(saved["state"])
        began_with = saved["tokens"]
    compiled = [torch.compile(block, dynamic=False) for block in model.blocks]
    parameters = list(model.parameters())
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    embedding = [model.embedding.weight]
    hidden = [p for p in decayed if p is not model.embedding.weight]
    groups = [{"params": plain, "weight_decay": 0.0}, {"params": embedding, "weight_decay": 0.01}]
    if arguments.optimiser == "adamw":
        groups.append({"params": hidden, "weight_decay": 0.05})
    optimisers = [torch.optim.AdamW(groups, lr=arguments.rate, betas=(0.9, 0.98), eps=1e-9, fused=True)]
    if arguments.optimiser == "muon":
        muon = torch.optim.Muon(hidden, lr=arguments.rate, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw")
        optimisers.append(muon)
    random = np.random.default_rng(arguments.seed + began_with)

    def loss_of(rows_tokens, rows_weights, mask, blocks):
        t = torch.from_numpy(rows_tokens.astype(np.int64))
        w = torch.from_numpy(rows_weights[:, 1:].astype(np.float32))
        with torch.autocast("cpu", torch.bfloat16):
            x = model.embedding(t[:, :-1])
            length = x.shape[1]
            cos, sin = model.cos[:length], model.sin[:length]
            for block in blocks:
                x = block(x, cos, sin, mask)
            kept = w > 0
            logits = model.logits(model.final_norm(x[kept]))
        loss = F.cross_entropy(logits.float(), t[:, 1:][kept], reduction="none")
        return (loss * w[kept]).sum() / w[kept].sum()

    def held_out():
        """Loss of the first rows of both lengths, weighed as in training."""
        with torch.no_grad():
            losses = []
            for side, rows in zip(check, (64, 32)):
                mask = document_mask(torch.from_numpy(side["numbers"][:rows, :-1].astype(np.int64)))
                losses.append(loss_of(side["tokens"][:rows], side["weights"][:rows], mask, model.blocks).item())
        return shares[0] * losses[0] + shares[1] * losses[1]

    def save(step, seen):
        path = os.path.join(arguments.work, arguments.name)
        torch.save({"shape": shape.__dict__, "state": model.state_dict(), "step": step, "tokens": seen + began_with}, path + ".new")
        os.replace(path + ".new", path)

    log = open(os.path.join(arguments.work, arguments.name.replace(".pt", f".log{rank or ''}.jsonl")), "w", encoding="utf-8")
    weighted = [int((side["weights"] > 0).sum()) for side in data]
    batches = [len(side["tokens"]) / size for side, size in zip(data, sizes)]
    shares = [count / sum(weighted) for count in weighted]
    orders, cursors, step, seen = [random.permutation(len(side["tokens"])) for side in data], [0, 0], 0, 0
    began = time.time()
    saved = logged = began
    smooth = None
    while True:
        if step % arguments.together == 0:
            clock = torch.tensor([(time.time() - began) / (60 * arguments.minutes)])
            distributed.broadcast(clock, 0)
            done = min(1.0, clock.item())
            if done >= 1:
                break
        warm = min(1.0, (step + 1) / arguments.warmup)
        rate = arguments.rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * done)))
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
        side = int(random.random() < batches[1] / sum(batches))
        if cursors[side] + sizes[side] > len(orders[side]):
            orders[side], cursors[side] = random.permutation(len(data[side]["tokens"])), 0
        whole = orders[side][cursors[side] : cursors[side] + sizes[side]]
        cursors[side] += sizes[side]
        rows = whole[rank :: arguments.workers]
        tokens, weights, numbers = (data[side][name] for name in ("tokens", "weights", "numbers"))
        if step % 25 == 24:
            # Rows joined, each document seeing all before it: positions beyond a thousand.
            joined = (len(rows) // (8 - 4 * side), -1)
            mask = document_mask(torch.from_numpy((numbers[rows].reshape(joined)[:, :-1] > 0).astype(np.int64)))
            loss = loss_of(tokens[rows].reshape(joined), weights[rows].reshape(joined), mask, model.blocks)
        else:
            mask = document_mask(torch.from_numpy(numbers[rows, :-1].astype(np.int64)))
            loss = loss_of(tokens[rows], weights[rows], mask, compiled)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        if step % arguments.together == 0:
            average(parameters, optimisers, arguments.workers)
        seen += int((numbers[whole] > 0).sum())
        smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
        now = time.time()
        if rank != 0:
            continue
        if now - logged > 150 or step in (1, 20, 100):
            entry = {"minute": round((now - began) / 60, 1), "step": step, "tokens": seen, "loss": round(smooth, 4),
                     "held_out": round(held_out(), 4), "tokens_per_second": round(seen / (now - began)), "rate": round(rate, 6)}  # fmt: skip
            print(json.dumps(entry), flush=True)
            log.write(json.dumps(entry) + "\n")
            log.flush()
            logged = time.time()
        if now - saved > 240 or step == 150:
            save(step, seen)
            saved = time.time()
    if rank != 0:
        return
    save(step, seen)
    entry = {"minute": round((time.time() - began) / 60, 1), "step": step, "tokens": seen, "loss": round(smooth, 4), "held_out": round(held_out(), 4)}
    print(json.dumps(entry), flush=True)
    log.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    main()
