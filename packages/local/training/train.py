"""Trains the society model for --minutes, in --workers processes of one thread each; checkpoints on the way.

Each worker takes its share of every step's rows, and gradients are averaged: on a machine whose cores are shared this
is several times faster than one process of two threads, which wait for each other inside every product.
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
    parser.add_argument("--work", required=True, help="folder with train.npz and validation.npz; checkpoints go here")
    parser.add_argument("--minutes", type=float, default=55)
    parser.add_argument("--batch", type=int, default=16, help="rows a step, a multiple of four times the workers")
    parser.add_argument("--optimiser", choices=["adamw", "muon"], default="muon", help="for the matrices of the blocks")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--warmup", type=int, default=100, help="steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--name", default="checkpoint.pt")
    arguments = parser.parse_args()
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29517", GLOO_SOCKET_IFNAME="lo", OMP_NUM_THREADS="1")
    torch.multiprocessing.spawn(work, args=(arguments,), nprocs=arguments.workers)


def work(rank, arguments):
    distributed.init_process_group("gloo", rank=rank, world_size=arguments.workers)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)

    data = np.load(os.path.join(arguments.work, "train.npz"))
    tokens, weights, numbers = data["tokens"], data["weights"], data["numbers"]
    check = np.load(os.path.join(arguments.work, "validation.npz"))
    shape = Shape()
    model = Llama(shape)
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
    random = np.random.default_rng(arguments.seed)

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
        with torch.no_grad():
            count, total = 0, 0.0
            for at in range(0, min(96, len(check["tokens"])) - 8 + 1, 8):
                rows = slice(at, at + 8)
                mask = document_mask(torch.from_numpy(check["numbers"][rows, :-1].astype(np.int64)))
                total += loss_of(check["tokens"][rows], check["weights"][rows], mask, model.blocks).item()
                count += 1
        return total / count

    def save(step, seen):
        path = os.path.join(arguments.work, arguments.name)
        torch.save({"shape": shape.__dict__, "state": model.state_dict(), "step": step, "tokens": seen}, path + ".new")
        os.replace(path + ".new", path)

    log = open(os.path.join(arguments.work, arguments.name.replace(".pt", f".log{rank or ''}.jsonl")), "w", encoding="utf-8")
    order, cursor, step, seen = random.permutation(len(tokens)), 0, 0, 0
    began = time.time()
    saved = logged = began
    smooth = None
    while True:
        clock = torch.tensor([(time.time() - began) / (60 * arguments.minutes)])
        distributed.broadcast(clock, 0)
        done = clock.item()
        if done >= 1:
            break
        warm = min(1.0, (step + 1) / arguments.warmup)
        rate = arguments.rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * done)))
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
        if cursor + arguments.batch > len(order):
            order, cursor = random.permutation(len(tokens)), 0
        whole = order[cursor : cursor + arguments.batch]
        rows = whole[rank :: arguments.workers]
        cursor += arguments.batch
        if step % 25 == 24:
            # Rows joined four by four, each document seeing all before it: positions beyond a thousand.
            joined = (len(rows) // 4, -1)
            mask = document_mask(torch.from_numpy((numbers[rows].reshape(joined)[:, :-1] > 0).astype(np.int64)))
            loss = loss_of(tokens[rows].reshape(joined), weights[rows].reshape(joined), mask, model.blocks)
        else:
            mask = document_mask(torch.from_numpy(numbers[rows, :-1].astype(np.int64)))
            loss = loss_of(tokens[rows], weights[rows], mask, compiled)
        model.zero_grad(set_to_none=True)
        loss.backward()
        flat = torch.cat([loss.detach().view(1), *(p.grad.flatten() for p in parameters)])
        distributed.all_reduce(flat)
        flat /= arguments.workers
        at = 1
        for p in parameters:
            p.grad.copy_(flat[at : at + p.numel()].view_as(p))
            at += p.numel()
        loss = flat[0]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        seen += int((numbers[whole] > 0).sum())
        smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
        now = time.time()
        if rank != 0:
            continue
        if now - logged > 120 or step in (1, 20, 100):
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
