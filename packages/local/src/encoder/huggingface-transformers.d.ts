/** An optional peer, which is not installed here; `transformers-module.ts` says what is used of it. */
declare module '@huggingface/transformers' {}
