"""Trains the society model for --steps in one process of one thread: the same machine, seed and options give the same bytes.

The rate rises, stays, and falls linearly over the last --decay of the steps. A run that is stopped goes on with --resume;
before the fall begins it may go on with another --steps, and is then the run that had that number from the start.
"""

import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from model import Llama, Shape, document_mask

SIDES = ("short", "long")


def load(work, split):
    sides = []
    for side in SIDES:
        with np.load(os.path.join(work, f"{split}-{side}.npz")) as file:
            sides.append({name: file[name] for name in ("tokens", "weights", "numbers")})
    return sides


class Batches:
    """Rows of one of the two lengths at each step, in an order that the seed fixes, each row once before any comes again."""

    def __init__(self, data, rows, seed):
        self.data = data
        self.sizes = [2 * rows, rows]
        self.random = np.random.default_rng(seed)
        counts = [len(side["tokens"]) / size for side, size in zip(data, self.sizes)]
        self.long_share = counts[1] / sum(counts)
        self.orders = [self.random.permutation(len(side["tokens"])) for side in data]
        self.cursors = [0, 0]

    def next(self):
        side = int(self.random.random() < self.long_share)
        size = self.sizes[side]
        if self.cursors[side] + size > len(self.orders[side]):
            self.orders[side], self.cursors[side] = self.random.permutation(len(self.data[side]["tokens"])), 0
        rows = self.orders[side][self.cursors[side] : self.cursors[side] + size]
        self.cursors[side] += size
        return side, *(self.data[side][name][rows] for name in ("tokens", "weights", "numbers"))


def optimisers_of(model, rate):
    """Muon for the matrices of the blocks, AdamW for the rest."""
    embedding = model.embedding.weight
    matrices = [p for p in model.parameters() if p.dim() > 1 and p is not embedding]
    groups = [
        {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0.0},
        {"params": [embedding], "weight_decay": 0.01},
    ]
    return [
        torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-9, fused=True),
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
    ]


def rate_factor(step, steps, warmup, decay):
    falling = steps * decay
    return min(1.0, (step + 1) / warmup, max(0.03, (steps - step) / falling))


def loss_of(model, blocks, tokens, weights, mask):
    device = model.embedding.weight.device
    t = torch.from_numpy(tokens.astype(np.int64)).to(device)
    w = torch.from_numpy(weights[:, 1:].astype(np.float32)).to(device)
    mask = mask.to(device)
    with torch.autocast(device.type, torch.bfloat16):
        x = model.embedding(t[:, :-1])
        length = x.shape[1]
        for block in blocks:
            x = block(x, model.cos[:length], model.sin[:length], mask)
        kept = w > 0
        logits = model.logits(model.final_norm(x[kept]))
    loss = F.cross_entropy(logits.float(), t[:, 1:][kept], reduction="none")
    return (loss * w[kept]).sum() / w[kept].sum()


def held_out(model, check):
    """Mean loss of the first rows of both lengths, weighed as in training."""
    with torch.no_grad():
        losses = []
        for side, rows in zip(check, (96, 48)):
            mask = document_mask(torch.from_numpy(side["numbers"][:rows, :-1].astype(np.int64)))
            losses.append(loss_of(model, model.blocks, side["tokens"][:rows], side["weights"][:rows], mask).item())
    return sum(losses) / len(losses)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True, help="folder with the arrays of prepare.py; checkpoints go here")
    parser.add_argument("--then", help="another such folder, for the steps from --then-at on")
    parser.add_argument("--then-at", type=int, default=0)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--rows", type=int, default=16, help="long rows a step, or twice as many short ones: about 5,000 tokens")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--warmup", type=int, default=100, help="steps")
    parser.add_argument("--decay", type=float, default=0.35, help="share of the steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--layers", type=int, default=5)
    parser.add_argument("--heads", type=int, default=6)
    parser.add_argument("--feed-forward", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1, help="more than one may change the last digits")
    parser.add_argument("--device", default="cpu", help="cuda, to train a larger one")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--name", default="checkpoint.pt")
    parser.add_argument("--every", type=int, default=250, help="steps between checkpoints and lines of the log")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)

    data, check = load(arguments.work, "train"), load(arguments.work, "validation")
    shape = Shape(width=arguments.width, layers=arguments.layers, heads=arguments.heads, feed_forward=arguments.feed_forward)
    model = Llama(shape).to(arguments.device)
    optimisers = optimisers_of(model, arguments.rate)
    batches = Batches(data, arguments.rows, arguments.seed)
    later = None if arguments.then is None else Batches(load(arguments.then, "train"), arguments.rows, arguments.seed + 1)

    def batch_at(number):
        return batches.next() if later is None or number < arguments.then_at else later.next()

    path = os.path.join(arguments.work, arguments.name)
    step, seen, smooth = 0, 0, None
    if arguments.resume:
        saved = torch.load(path, map_location=arguments.device, weights_only=True)
        model.load_state_dict(saved["state"])
        for optimiser, state in zip(optimisers, saved["optimisers"]):
            optimiser.load_state_dict(state)
        step, seen, smooth = saved["step"], saved["tokens"], saved["loss"]
        for number in range(step):
            batch_at(number)
    compiled = [torch.compile(block, dynamic=False) for block in model.blocks]
    log = open(path.replace(".pt", ".log.jsonl"), "a" if arguments.resume else "w", encoding="utf-8")

    def save():
        torch.save(
            {"shape": shape.__dict__, "state": model.state_dict(), "optimisers": [o.state_dict() for o in optimisers],
             "step": step, "tokens": seen, "loss": smooth},
            path + ".new",
        )  # fmt: skip
        os.replace(path + ".new", path)

    began, before = time.time(), seen
    while step < arguments.steps:
        factor = rate_factor(step, arguments.steps, arguments.warmup, arguments.decay)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = arguments.rate * factor
        side, tokens, weights, numbers = batch_at(step)
        if step % 25 == 24:
            # Rows joined, each document seeing all before it: positions beyond a thousand.
            joined = (len(tokens) // (8 - 4 * side), -1)
            mask = document_mask(torch.from_numpy((numbers.reshape(joined)[:, :-1] > 0).astype(np.int64)))
            loss = loss_of(model, model.blocks, tokens.reshape(joined), weights.reshape(joined), mask)
        else:
            mask = document_mask(torch.from_numpy(numbers[:, :-1].astype(np.int64)))
            loss = loss_of(model, compiled, tokens, weights, mask)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        seen += int((numbers > 0).sum())
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        if step % arguments.every == 0 or step in (1, 20, 100, arguments.steps):
            entry = {"step": step, "tokens": seen, "loss": round(smooth, 4), "held_out": round(held_out(model, check), 4),
                     "rate": round(arguments.rate * factor, 6), "minutes": round((time.time() - began) / 60, 1),
                     "tokens_per_second": round((seen - before) / (time.time() - began))}  # fmt: skip
            print(json.dumps(entry), flush=True)
            log.write(json.dumps(entry) + "\n")
            log.flush()
            save()


if __name__ == "__main__":
    main()
