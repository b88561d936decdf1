"""Checkpoint + tokenizer -> GGUF v3, F16, architecture llama, byte-level BPE."""

import argparse
import json

import numpy as np
import torch
from gguf import GGUFWriter, LlamaFileType, TokenType

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    saved = torch.load(arguments.checkpoint, map_location="cpu", weights_only=True)
    shape, state = saved["shape"], saved["state"]
    described = json.load(open(arguments.tokenizer, encoding="utf-8"))
    vocabulary = described["model"]["vocab"]
    special = {token["content"] for token in described["added_tokens"]}
    tokens = [token for token, _ in sorted(vocabulary.items(), key=lambda item: item[1])]
    if len(tokens) != shape["vocabulary"]:
        raise SystemExit(f"{len(tokens)} tokens, but the model has {shape['vocabulary']} rows")

    writer = GGUFWriter(arguments.out, "llama")
    writer.add_name("mop-society-v2")
    writer.add_description("A tiny model of a synthetic society, for Mixture of Personas offline")
    writer.add_license("MIT")
    writer.add_vocab_size(len(tokens))
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["feed_forward"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["heads"])
    writer.add_layer_norm_rms_eps(shape["epsilon"])
    writer.add_rope_dimension_count(shape["width"] // shape["heads"])
    writer.add_rope_freq_base(shape["rope_base"])
    writer.add_file_type(LlamaFileType.MOSTLY_F16)

    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.CONTROL if token in special else TokenType.NORMAL for token in tokens])
    merges = described["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_eos_token_id(vocabulary["<|end|>"])
    writer.add_eot_token_id(vocabulary["<|end|>"])
    writer.add_pad_token_id(vocabulary["<|end|>"])
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)

    def matrix(name, tensor):
        writer.add_tensor(name, np.ascontiguousarray(tensor.float().numpy().astype(np.float16)))

    def vector(name, tensor):
        writer.add_tensor(name, np.ascontiguousarray(tensor.float().numpy()))

    matrix("token_embd.weight", state["embedding.weight"])
    vector("output_norm.weight", state["final_norm.weight"])
    for layer in range(shape["layers"]):
        block = f"blocks.{layer}."
        query, key, value = state[block + "qkv.weight"].chunk(3)
        gate, up = state[block + "gate_up.weight"].chunk(2)
        vector(f"blk.{layer}.attn_norm.weight", state[block + "attention_norm.weight"])
        matrix(f"blk.{layer}.attn_q.weight", query)
        matrix(f"blk.{layer}.attn_k.weight", key)
        matrix(f"blk.{layer}.attn_v.weight", value)
        matrix(f"blk.{layer}.attn_output.weight", state[block + "output.weight"])
        vector(f"blk.{layer}.ffn_norm.weight", state[block + "feed_norm.weight"])
        matrix(f"blk.{layer}.ffn_gate.weight", gate)
        matrix(f"blk.{layer}.ffn_up.weight", up)
        matrix(f"blk.{layer}.ffn_down.weight", state[block + "down.weight"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{arguments.out}: step {saved['step']}, {saved['tokens']} tokens seen")


if __name__ == "__main__":
    main()
