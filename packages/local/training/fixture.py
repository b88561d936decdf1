"""Token ids and log-probabilities computed here, for the test that llama.cpp agrees on the exported model."""

import argparse
import json
import os

import torch

from judge import Judge

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
    with open(os.path.join(arguments.work, "validation.jsonl"), encoding="utf-8") as file, torch.no_grad():
        documents = [document for document in map(json.loads, file) if document["shape"] == "both"][:4]
        for document in documents:
            messages = [{"role": role, "content": content} for role, content in document["turns"][:-1]]
            output = document["turns"][-1][1]
            total, count = judge.score(messages, output)
            prompt = judge.prompt(messages)
            answer = judge.tokenizer.encode(output, add_special_tokens=False).ids
            scores.append({"messages": messages, "output": output, "prompt_ids": prompt, "answer_ids": answer,
                           "log_probability_with_end": round(total, 5), "tokens_with_end": count})  # fmt: skip
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump({"strings": strings, "scores": scores}, file, ensure_ascii=True, indent=1)


if __name__ == "__main__":
    main()
