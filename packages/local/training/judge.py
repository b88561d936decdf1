"""The trained model as llama.cpp will run it: tokens of a chat and exact log-probabilities, computed in PyTorch."""

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
