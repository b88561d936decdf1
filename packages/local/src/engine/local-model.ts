import { InvalidArgumentError } from '@mop/core'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp'
import { ModelFileError } from '../errors/model-file-error.ts'
import { chatFormatOf } from './chat-format.ts'
import type { ChatFormat } from './chat-format.ts'
import { defaultThreads } from './default-threads.ts'
import { Evaluator } from './evaluator.ts'
import { ExclusiveQueue } from './exclusive-queue.ts'
import { identifyModelFile, shippedModelPath } from './model-file.ts'
import { NativeContext } from './native-context.ts'
import { tokenBytesOf } from './token-bytes.ts'

export interface LoadLocalModelOptions {
  /** Path of a GGUF file. Default: the model that the package ships. */
  readonly model?: string | undefined
  /** Tokens of prompt and answer together. Default: what the model was trained on, at most 4,096. */
  readonly contextSize?: number | undefined
  /** Default: 1 for models below 64 MB, which more threads slow down as soon as the machine is shared; else the cores, at most 8. */
  readonly threads?: number | undefined
  /**
   * Default true: keys and values in F32. False ("fast"): in F16, about 1.25 times as fast, but sums over a split
   * continuation agree only to about 1e-3.
   */
  readonly reproducible?: boolean | undefined
}

/** A language model in memory. One task at a time runs on it; others wait in order. */
export class LocalModel implements AsyncDisposable {
  /** File name, hash and the settings that change the numbers. */
  readonly id: string
  readonly path: string
  readonly contextSize: number
  /** Tokens of the texts that the model was trained on: beyond them it is at a loss. */
  readonly trainedContextSize: number
  readonly reproducible: boolean
  readonly threads: number
  readonly format: ChatFormat
  /** Bytes of a token's text; of a control token, the bytes of its name. */
  readonly tokenBytes: (token: Token) => Uint8Array
  readonly #llama: Llama
  readonly #model: LlamaModel
  readonly #context: NativeContext
  readonly #evaluator: Evaluator
  readonly #queue = new ExclusiveQueue()
  #disposed: Promise<void> | undefined

  constructor(parts: {
    llama: Llama
    model: LlamaModel
    context: LlamaContext
    settings: Pick<
      LocalModel,
      'id' | 'path' | 'contextSize' | 'trainedContextSize' | 'reproducible' | 'threads'
    >
  }) {
    this.#llama = parts.llama
    this.#model = parts.model
    this.id = parts.settings.id
    this.path = parts.settings.path
    this.contextSize = parts.settings.contextSize
    this.trainedContextSize = parts.settings.trainedContextSize
    this.reproducible = parts.settings.reproducible
    this.threads = parts.settings.threads
    this.tokenBytes = tokenBytesOf(parts.model)
    this.format = chatFormatOf(parts.model, this.tokenBytes)
    const context = new NativeContext(parts.llama, parts.model, parts.context)
    this.#context = context
    this.#evaluator = new Evaluator(context)
  }

  /** Number of entries in the tokenizer's vocabulary. */
  get vocabularySize(): number {
    return this.#model.fileInfo.metadata.tokenizer.ggml.tokens.length
  }

  /** Length of the model's hidden states. */
  get embeddingSize(): number {
    return this.#model.embeddingVectorSize
  }

  isEndOfGeneration(token: Token): boolean {
    return this.#model.isEogToken(token)
  }

  /** Tokens of a text that is data and stands by itself: no control tokens in it. */
  tokenize(text: string): Token[] {
    return this.format.textTokens(text)
  }

  /** Tokens of a raw prompt, in which names of control tokens are control tokens, as llama.cpp gives them. */
  tokenizeRaw(text: string): Token[] {
    return this.#model.tokenize(text, true)
  }

  /** Bytes that a token adds to an answer: none for a control token. */
  textBytes(token: Token): Uint8Array {
    return this.#model.isSpecialToken(token) ? new Uint8Array() : this.tokenBytes(token)
  }

  /** The token that a raw prompt starts with although its text does not: absent for most byte-level models. */
  get beginningOfSequence(): Token | null {
    return this.#model.tokens.shouldPrependBosToken ? this.#model.tokens.bos : null
  }

  /** What a prompt without any token is predicted from. */
  get startToken(): Token {
    return this.#model.tokens.bos ?? this.#model.tokens.eos ?? this.format.endOfTurn
  }

  /** Text of tokens; control tokens give none unless `special`. */
  detokenize(tokens: readonly Token[], special = false): string {
    const bytes = tokens.map((token) => (special ? this.tokenBytes(token) : this.textBytes(token)))
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(bytes))
  }

  /** Runs a task while nothing else runs on the model. */
  exclusive<T>(task: (evaluator: Evaluator) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#queue.run(() => task(this.#evaluator), signal)
  }

  /** Waits for the running task, then frees the memory. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#queue.run(async () => {
      await this.#context.dispose()
      await this.#model.dispose()
      await this.#llama.dispose()
    })
    return this.#disposed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }
}

const defaultContextLimit = 4096
/** Beyond 32 bits the engine takes other sizes than it is given. */
const largestContext = 2 ** 24

/**
 * Loads a GGUF model with llama.cpp on the processor. No network, no compiling.
 * @throws InvalidArgumentError for a `contextSize` that is no whole number above 0, or needs more memory than there is.
 * @throws ModelFileError when the file is missing, is not a GGUF, is cut short or of an architecture llama.cpp does not know.
 */
export async function loadLocalModel(options: LoadLocalModelOptions = {}): Promise<LocalModel> {
  const asked = options.contextSize
  if (asked !== undefined && !(Number.isInteger(asked) && asked > 0 && asked <= largestContext)) {
    const expected = `an integer from 1 to ${largestContext}`
    throw new InvalidArgumentError({ argument: 'contextSize', expected, found: asked })
  }
  const path = options.model ?? shippedModelPath()
  const name = await identifyModelFile(path)
  const reproducible = options.reproducible ?? true
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    logLevel: LlamaLogLevel.disabled,
    maxThreads: 0,
  })
  try {
    const model = await llama.loadModel({ modelPath: path }).catch((cause: unknown) => {
      throw new ModelFileError({
        path,
        problem:
          'cannot be loaded: it is cut short, damaged, or of an architecture that llama.cpp does not know',
        remedy: 'Compare its size and checksum with the source, or download it again.',
        cause,
      })
    })
    const trainedContextSize = model.trainContextSize
    const contextSize = asked ?? Math.min(trainedContextSize, defaultContextLimit)
    const threads = options.threads ?? defaultThreads(model.size)
    const cacheType = reproducible ? 'F32' : 'F16'
    const context = await model
      .createContext({
        contextSize,
        sequences: 1,
        threads,
        batchSize: Math.min(512, contextSize),
        flashAttention: false,
        experimentalKvCacheKeyType: cacheType,
        experimentalKvCacheValueType: cacheType,
      })
      .catch((cause: unknown) => {
        throw new InvalidArgumentError({
          argument: 'contextSize',
          expected: 'a number of tokens that the memory of this machine holds',
          found: contextSize,
          cause,
        })
      })
    const id = `local:${name}:${reproducible ? 'reproducible' : 'fast'}`
    return new LocalModel({
      llama,
      model,
      context,
      settings: { id, path, contextSize, trainedContextSize, reproducible, threads },
    })
  } catch (error) {
    await llama.dispose()
    throw error
  }
}
