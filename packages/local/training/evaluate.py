"""Figures of the model card: perplexity by shape, right against wrong component, copying of made-up answers, samples."""

import argparse
import json
import os
from collections import defaultdict

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from model import Llama, Shape, document_mask


class Judge:
    def __init__(self, checkpoint, tokenizer):
        saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
        self.model = Llama(Shape(**saved["shape"]))
        self.model.load_state_dict(saved["state"])
        self.model.eval()
        self.tokenizer = Tokenizer.from_file(tokenizer)
        self.identity = self.tokenizer.get_vocab()

    def turn(self, role, content):
        ids = self.tokenizer.encode(content, add_special_tokens=False).ids
        return [self.identity[f"<|{role}|>"], *ids, self.identity["<|end|>"]]

    def prompt(self, messages):
        tokens = [token for message in messages for token in self.turn(message["role"], message["content"])]
        return [*tokens, self.identity["<|assistant|>"]]

    def logits(self, tokens):
        ids = torch.tensor([tokens])
        return self.model.logits(self.model(ids, document_mask(torch.zeros_like(ids))))[0].float()

    def score(self, messages, answer):
        """log p(answer, end | prompt), and how many tokens that is."""
        prompt = self.prompt(messages)
        said = [*self.tokenizer.encode(answer, add_special_tokens=False).ids, self.identity["<|end|>"]]
        logits = self.logits([*prompt, *said][:-1])[len(prompt) - 1 :]
        return -F.cross_entropy(logits, torch.tensor(said), reduction="sum").item(), len(said)

    def draw(self, messages, temperature, generator, longest=80):
        tokens = self.prompt(messages)
        start = len(tokens)
        while len(tokens) - start < longest:
            logits = self.logits(tokens)[-1]
            if temperature == 0:
                token = int(logits.argmax())
            else:
                token = int(torch.multinomial(F.softmax(logits / temperature, -1), 1, generator=generator))
            if token == self.identity["<|end|>"]:
                break
            tokens.append(token)
        return self.tokenizer.decode(tokens[start:])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--name", default="checkpoint.pt")
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--comparisons", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--samples", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    judge = Judge(os.path.join(arguments.work, arguments.name), os.path.join(arguments.work, "tokenizer.json"))
    figures = {}
    with torch.no_grad():
        sums = defaultdict(lambda: [0.0, 0, 0])
        with open(os.path.join(arguments.work, "validation.jsonl"), encoding="utf-8") as file:
            for line, _ in zip(file, range(arguments.documents)):
                document = json.loads(line)
                if document["shape"] == "text":
                    continue
                messages = [{"role": role, "content": content} for role, content in document["turns"][:-1]]
                total, count = judge.score(messages, document["turns"][-1][1])
                entry = sums[f"{document['source']}: {document['shape']}"]
                entry[0] += total
                entry[1] += count
                entry[2] += 1
        figures["perplexity"] = {
            name: {"perplexity": round(2.718281828 ** (-total / count), 2), "tokens": count, "answers": answers}
            for name, (total, count, answers) in sorted(sums.items())
        }
        rows = [json.loads(line) for line in open(os.path.join(arguments.work, "comparisons.jsonl"), encoding="utf-8")]
        comparisons = [row for row in rows if row["kind"] == "comparison"][: arguments.comparisons]
        won, gain, closed_won = defaultdict(list), defaultdict(list), defaultdict(list)
        for row in comparisons:
            bare, _ = judge.score(row["bare"], row["output"])
            for shape, (right, wrong) in row["shapes"].items():
                a, b = judge.score(right, row["output"])[0], judge.score(wrong, row["output"])[0]
                (closed_won if row["domain"] == "survey" else won)[shape].append(a > b)
                gain[shape].append((a - b, a - bare))
        mean = lambda values: round(sum(values) / len(values), 3)  # noqa: E731
        figures["right_beats_wrong"] = {
            shape: {
                "free text": mean(won[shape]),
                "closed": mean(closed_won[shape]),
                "mean_nats_over_wrong": mean([a for a, _ in gain[shape]]),
                "mean_nats_over_bare": mean([b for _, b in gain[shape]]),
                "comparisons": [len(won[shape]), len(closed_won[shape])],
            }
            for shape in gain
        }
        copied = defaultdict(list)
        for row in [row for row in rows if row["kind"] == "made up"][: arguments.comparisons]:
            answer = judge.draw(row["messages"], 0, None, 24)
            total, _ = judge.score(row["messages"], row["shown"])
            copied["same question" if row["same"] else "another question"].append((answer == row["shown"], 2.718281828**total))
        figures["copying_made_up_answers"] = {
            name: {"greedy_equals_exemplar": mean([a for a, _ in values]), "mean_p_of_exemplar_answer": mean([b for _, b in values]), "questions": len(values)}
            for name, values in copied.items()
        }
        generator = torch.Generator().manual_seed(arguments.seed)
        samples = []
        for row in comparisons[: arguments.samples]:
            shown = {"input": row["bare"][-1]["content"], "true answer": row["output"]}
            shown["bare"] = judge.draw(row["bare"], 0.8, generator)
            for shape in ("persona, behavioural", "exemplar", "both, behavioural"):
                right = row["shapes"][shape][0]
                shown[shape] = {"prompt": right[:-1], "drawn": judge.draw(right, 0.8, generator)}
            samples.append(shown)
        figures["samples"] = samples
    with open(os.path.join(arguments.work, "figures.json"), "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1, ensure_ascii=False)
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
