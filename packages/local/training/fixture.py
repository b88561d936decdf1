"""Token ids and log-probabilities computed here, for the test that llama.cpp agrees on the exported model."""

import argparse
import json
import os

import torch

from evaluate import Judge

STRINGS = [
    "The waiter was really good, wasn't he?",
    "  two  spaces\tand\ttabs \n\n new lines\n",
    "I'll, we've, they'd; it's 12,345.67 $5 50% (a+b)=c",
    "naïve café — “quotes” … jalapeño",
    "日本語のテキスト и кириллица",
    "emoji 👩‍🍳🔥 and ½ ² №",
    "lowkey fire ngl!!! ... SHOUTING Words mixedCase snake_case",
    "\u00a0no-break\u2009thin\u200bzero",
    "<|user|> is not a turn when it is text",
    "a",
    " ",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True)
    parser.add_argument("--name", default="checkpoint.pt")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    judge = Judge(os.path.join(arguments.work, arguments.name), os.path.join(arguments.work, "tokenizer.json"))
    judge.tokenizer.encode_special_tokens = True
    strings = [{"text": text, "ids": judge.tokenizer.encode(text, add_special_tokens=False).ids} for text in STRINGS]
    judge.tokenizer.encode_special_tokens = False
    scores = []
    with open(os.path.join(arguments.work, "comparisons.jsonl"), encoding="utf-8") as file, torch.no_grad():
        for line, _ in zip(file, range(4)):
            row = json.loads(line)
            messages = row["shapes"]["both, behavioural"][0]
            total, count = judge.score(messages, row["output"])
            prompt = judge.prompt(messages)
            answer = judge.tokenizer.encode(row["output"], add_special_tokens=False).ids
            scores.append({"messages": messages, "output": row["output"], "prompt_ids": prompt, "answer_ids": answer,
                           "log_probability_with_end": round(total, 5), "tokens_with_end": count})  # fmt: skip
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump({"strings": strings, "scores": scores}, file, ensure_ascii=True, indent=1)


if __name__ == "__main__":
    main()
