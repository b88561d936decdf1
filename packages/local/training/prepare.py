"""Corpus (JSONL of turns) -> byte-level BPE and packed arrays: tokens, loss weights, document numbers.

Attention costs the square of a row, so short documents are packed into rows half as long.
"""

import argparse
import json
import os

import numpy as np
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]

# Loss weights. Exemplar turns count; of what the asker says only a part is kept (see `PROMPT_KEPT`).
# A closed answer is a word or two, so it counts as much as the sentence that a free text is.
ANSWER, CLOSED, INTERVIEW, EXEMPLAR, TEXT, PROMPT = 1.0, 4.0, 2.0, 0.5, 0.5, 0.3
PROMPT_KEPT = 0.2


def turns_of(path, limit=None):
    with open(path, encoding="utf-8") as file:
        for index, line in enumerate(file):
            if limit is not None and index >= limit:
                return
            document = json.loads(line)
            yield document["shape"], document["source"], document["turns"]


def train_tokenizer(path, vocabulary, limit):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator((text for *_, turns in turns_of(path, limit) for _, text in turns), trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return tokenizer


def encode(tokenizer, path, random):
    """Documents as (tokens, weights); special tokens are placed here and never come from text."""
    identity = {token: tokenizer.token_to_id(token) for token in SPECIAL}
    end = identity["<|end|>"]
    documents, batch = [], []

    def flush():
        texts = [text for *_, turns in batch for _, text in turns]
        encoded = iter(tokenizer.encode_batch(texts, add_special_tokens=False))
        for shape, source, turns in batch:
            tokens, weights = [], []
            for index, (role, _) in enumerate(turns):
                ids = next(encoded).ids
                if role == "text":
                    tokens += [*ids, end]
                    weights += [TEXT] * len(ids) + [0.0]
                    continue
                last = index == len(turns) - 1
                answer = CLOSED if source == "closed question" else ANSWER
                exemplar = INTERVIEW if shape == "interview" else EXEMPLAR
                said = (answer if last else exemplar) if role == "assistant" else PROMPT
                if role == "assistant" and index == 1 and not last:
                    # Until here the prompt looks bare, and a bare prompt is answered by the one polite voice.
                    said = 0.0
                tokens += [identity[f"<|{role}|>"], *ids, end]
                weights += [0.0] + [said] * len(ids) + [said]
            weights = np.asarray(weights, np.float32)
            weights[(weights == np.float32(PROMPT)) & (random.random(len(weights)) > PROMPT_KEPT)] = 0
            weights[0] = 0
            documents.append((np.asarray(tokens, np.uint16), weights))
        batch.clear()

    for document in turns_of(path):
        batch.append(document)
        if len(batch) == 2000:
            flush()
    flush()
    return documents


def pack(documents, length, random):
    """Best fit into rows of length + 1; longer documents are cut. Rows hold whole documents, padding has number 0."""
    open_rows, rows = [], []
    for tokens, weights in documents:
        tokens, weights = tokens[: length + 1], weights[: length + 1]
        row = max((row for row in open_rows if row[0] + len(tokens) <= length + 1), key=lambda one: one[0], default=None)
        if row is None:
            row = [0, []]
            open_rows.append(row)
            rows.append(row)
        row[0] += len(tokens)
        row[1].append((tokens, weights))
        if row[0] > length - 12:
            open_rows = [other for other in open_rows if other is not row]
        elif len(open_rows) > 40:
            open_rows.sort(key=lambda one: one[0])
            open_rows.pop()
    random.shuffle(rows)
    tokens = np.zeros((len(rows), length + 1), np.uint16)
    weights = np.zeros((len(rows), length + 1), np.float16)
    numbers = np.zeros((len(rows), length + 1), np.uint8)
    for index, (_, parts) in enumerate(rows):
        at = 0
        for number, (ids, loss) in enumerate(parts, 1):
            tokens[index, at : at + len(ids)] = ids
            weights[index, at : at + len(ids)] = loss
            numbers[index, at : at + len(ids)] = number
            at += len(ids)
    return tokens, weights, numbers


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True, help="folder with train.jsonl and validation.jsonl")
    parser.add_argument("--tokenizer", help="one that was trained before")
    parser.add_argument("--vocabulary", type=int, default=2048)
    parser.add_argument("--length", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tokenizer-documents", type=int, default=40000)
    arguments = parser.parse_args()
    path = os.path.join(arguments.work, "tokenizer.json")
    train = os.path.join(arguments.work, "train.jsonl")
    if arguments.tokenizer is not None:
        tokenizer = Tokenizer.from_file(arguments.tokenizer)
    else:
        tokenizer = train_tokenizer(train, arguments.vocabulary, arguments.tokenizer_documents)
        tokenizer.save(path)
    random = np.random.default_rng(arguments.seed)
    for split in ("train", "validation"):
        documents = encode(tokenizer, os.path.join(arguments.work, f"{split}.jsonl"), random)
        # Long documents leave room for some short ones in their rows.
        short = arguments.length // 2
        filler = random.random(len(documents)) < 0.3
        long = [len(document[0]) > short + 1 or fills for document, fills in zip(documents, filler)]
        sides = {
            short: [document for document, is_long in zip(documents, long) if not is_long],
            arguments.length: [document for document, is_long in zip(documents, long) if is_long],
        }
        for length, some in sides.items():
            tokens, weights, numbers = pack(some, length, random)
            path = os.path.join(arguments.work, f"{split}-{'short' if length == short else 'long'}.npz")
            np.savez(path, tokens=tokens, weights=weights, numbers=numbers)
            used = int((numbers > 0).sum())
            cut = sum(len(ids) > length + 1 for ids, _ in some)
            print(f"{split} up to {length}: {len(some)} documents ({cut} cut), {used} tokens in {len(tokens)} rows, {used / numbers.size:.1%} full, {(weights > 0).mean():.1%} weighted", flush=True)


if __name__ == "__main__":
    main()
