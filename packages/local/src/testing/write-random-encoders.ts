import { join } from 'node:path'
import { randomEncoder } from './random-encoder.ts'
import { writeEncoderGguf } from './random-encoder-gguf.ts'
import { writeEncoderFolder } from './random-encoder-onnx.ts'

/** `node write-random-encoders.ts FOLDER` writes one encoder twice: `FOLDER/onnx-encoder` and `FOLDER/encoder.gguf`. */
const folder = process.argv[2]
if (folder === undefined) throw new Error('Give the folder to write to.')
const encoder = randomEncoder()
writeEncoderFolder(join(folder, 'onnx-encoder'), encoder)
writeEncoderGguf(join(folder, 'encoder.gguf'), encoder)
