import { createHash } from 'node:crypto'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { digestFile } from '../engine/file-digest.ts'
import { OnnxModelError } from '../errors/onnx-model-error.ts'

/** The folder of an ONNX model, looked through but not loaded. */
export interface OnnxFolder {
  /** Absolute. */
  readonly folder: string
  /** Of the ONNX file: `onnx`, or none where it stands beside its configuration. */
  readonly subfolder: string
  /** Of the ONNX file, without `.onnx`. */
  readonly modelFile: string
  /** Name of the folder, and the first 12 hexadecimal digits of a SHA-256 of weights and tokenizer. */
  readonly name: string
  /** Bytes of the weights. */
  readonly size: number
  /** `config.json`. */
  readonly config: object
}

const needed = ['config.json', 'tokenizer.json', 'tokenizer_config.json']
const layout = `Give a folder with ${needed.join(', ')} and onnx/model.onnx, or the path of one ONNX file in it.`

/**
 * Finds what an ONNX encoder needs in a folder. The ONNX file is the one given, else `onnx/model.onnx`, `model.onnx`, or the
 * only one there is.
 * @param path Of the folder, or of one ONNX file in it or in its folder `onnx`.
 * @throws OnnxModelError
 */
export async function readOnnxFolder(path: string): Promise<OnnxFolder> {
  const { folder, file } = await locate(path)
  const there = await readdir(folder)
  const missing = needed.filter((name) => !there.includes(name))
  if (missing.length > 0) {
    throw new OnnxModelError({
      path,
      problem: `has no ${missing.join(', no ')}; it holds ${listed(there)}`,
      remedy: layout,
    })
  }
  const files = await onnxFiles(folder, there)
  const chosen =
    file ?? ['onnx/model.onnx', 'model.onnx'].find((name) => files.includes(name)) ?? onlyOne(files)
  if (chosen === undefined) {
    throw new OnnxModelError({
      path,
      problem: files.length === 0 ? `has no ONNX file; it holds ${listed(there)}` : `has ${listed(files)}`,
      remedy:
        files.length === 0
          ? `Export the model, e.g. with \`optimum-cli export onnx --model FOLDER --task feature-extraction OUT\`. ${layout}`
          : 'Give the path of the one to use.',
    })
  }
  const subfolder = chosen.startsWith('onnx/') ? 'onnx' : ''
  const onnxFile = basename(chosen)
  // Large models keep their weights beside the graph: model.onnx_data, model.onnx.data, …
  const weights = (await readdir(join(folder, subfolder)))
    .filter((name) => name.startsWith(onnxFile))
    .toSorted()
  const hash = createHash('sha256')
  let size = 0
  for (const name of weights) size += await digestPath(join(folder, subfolder, name))
  for (const name of needed.slice(1)) await digestPath(join(folder, name))
  return {
    folder,
    subfolder,
    modelFile: onnxFile.slice(0, -'.onnx'.length),
    name: `${basename(folder)}@${hash.digest('hex').slice(0, 12)}`,
    size,
    config: await readJson(path, join(folder, 'config.json')),
  }

  async function digestPath(at: string): Promise<number> {
    const handle = await open(at, 'r')
    try {
      const { size: bytes } = await handle.stat()
      await digestFile(hash, handle, bytes)
      return bytes
    } finally {
      await handle.close()
    }
  }
}

/** The folder of the configuration, and the ONNX file in it if one is given. */
async function locate(path: string): Promise<{ folder: string; file: string | undefined }> {
  const absolute = resolve(path)
  const found = await stat(absolute).catch((cause: unknown) => {
    throw new OnnxModelError({ path, problem: 'cannot be opened', remedy: layout, cause })
  })
  if (found.isDirectory()) return { folder: absolute, file: undefined }
  if (!absolute.endsWith('.onnx')) {
    throw new OnnxModelError({
      path,
      problem: 'is neither a folder nor an ONNX file',
      remedy: absolute.endsWith('.gguf')
        ? 'A GGUF file is opened as local:path.gguf, by createModelEncoder.'
        : layout,
    })
  }
  const folder = dirname(absolute)
  // The model's folder may itself be called so.
  const inside = basename(folder) === 'onnx' && !(await readdir(folder)).includes('config.json')
  return inside
    ? { folder: dirname(folder), file: `onnx/${basename(absolute)}` }
    : { folder, file: basename(absolute) }
}

async function onnxFiles(folder: string, there: readonly string[]): Promise<readonly string[]> {
  const inside = there.includes('onnx') ? await readdir(join(folder, 'onnx')) : []
  return [...there, ...inside.map((name) => `onnx/${name}`)]
    .filter((name) => name.endsWith('.onnx'))
    .toSorted()
}

function onlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined
}

function listed(names: readonly string[]): string {
  const shown = names.toSorted().slice(0, 8)
  if (shown.length === 0) return 'nothing'
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '')
}

/**
 * How the folder says that its states become one vector (`1_Pooling/config.json` of sentence-transformers): as it names it, e.g.
 * `mean_tokens`, several joined by `+`; undefined where it says nothing.
 */
export async function statedPooling({ folder }: OnnxFolder): Promise<string | undefined> {
  const at = join(folder, '1_Pooling', 'config.json')
  const exists = await stat(at).then(
    () => true,
    () => false,
  )
  if (!exists) return undefined
  const entries = Object.entries(await readJson(folder, at))
  const modes = entries.flatMap(([name, value]) => {
    if (name === 'pooling_mode' && typeof value === 'string') return [value]
    return name.startsWith('pooling_mode_') && value === true ? [name.slice('pooling_mode_'.length)] : []
  })
  return modes.length === 0 ? undefined : modes.join('+')
}

async function readJson(path: string, at: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(at, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
    throw new SyntaxError('it is no JSON object')
  } catch (cause) {
    throw new OnnxModelError({
      path,
      problem: `has a ${basename(at)} that cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
      remedy: 'Copy the folder again from its source.',
      cause,
    })
  }
}
