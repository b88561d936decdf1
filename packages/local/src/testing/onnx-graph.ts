/** An attribute of a node; lists are of integers. */
export type OnnxAttribute = number | { readonly float: number } | readonly number[]

/**
 * Builds an ONNX model (opset 17, tensors in float32 and int64) node by node and writes it as the protocol buffer it is.
 * Field numbers: github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export class OnnxGraph {
  readonly #nodes: Buffer[] = []
  readonly #initializers: Buffer[] = []
  #names = 0

  /** A constant. @returns its name. */
  constant(shape: readonly number[], values: Float32Array | BigInt64Array): string {
    const name = this.#newName('constant')
    const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    this.#initializers.push(
      message(
        ...shape.map((length) => integer(1, length)),
        integer(2, values instanceof Float32Array ? float32 : int64),
        bytes(8, name),
        bytes(9, raw),
      ),
    )
    return name
  }

  integers(...values: readonly number[]): string {
    return this.constant([values.length], BigInt64Array.from(values, BigInt))
  }

  scalar(value: number): string {
    return this.constant([], Float32Array.of(value))
  }

  /** A node with one output, named if a name is given. @returns the name of the output. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output: string = this.#newName(type),
  ): string {
    this.#nodes.push(
      message(
        ...inputs.map((input) => bytes(1, input)),
        bytes(2, output),
        bytes(4, type),
        ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ),
    )
    return output
  }

  /** The file. Inputs are int64 of batch × sequence; the output is float32 of batch × sequence × `width`. */
  encode(inputs: readonly string[], output: string, width: number): Buffer {
    const graph = message(
      ...this.#nodes.map((node) => bytes(1, node)),
      bytes(2, 'encoder'),
      ...this.#initializers.map((initializer) => bytes(5, initializer)),
      ...inputs.map((name) => bytes(11, valueInfo(name, int64, ['batch', 'sequence']))),
      bytes(12, valueInfo(output, float32, ['batch', 'sequence', width])),
    )
    const opset = message(bytes(1, ''), integer(2, 17))
    return message(integer(1, 8), bytes(7, graph), bytes(8, opset))
  }

  #newName(kind: string): string {
    return `${kind}_${this.#names++}`
  }
}

const float32 = 1
const int64 = 7

function attribute(name: string, value: OnnxAttribute): Buffer {
  if (typeof value === 'number') return message(bytes(1, name), integer(3, value), integer(20, 2))
  if ('float' in value) {
    const float = Buffer.alloc(5)
    float.writeUInt8((2 << 3) | 5)
    float.writeFloatLE(value.float, 1)
    return message(bytes(1, name), float, integer(20, 1))
  }
  return message(bytes(1, name), ...value.map((item) => integer(8, item)), integer(20, 7))
}

function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dimensions = shape.map((length) =>
    bytes(1, typeof length === 'string' ? message(bytes(2, length)) : message(integer(1, length))),
  )
  const tensor = message(integer(1, type), bytes(2, message(...dimensions)))
  return message(bytes(1, name), bytes(2, message(bytes(1, tensor))))
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields)
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)])
}

function bytes(field: number, value: string | Buffer): Buffer {
  const content = Buffer.from(value)
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

/** Negative numbers take ten bytes, as 64-bit two's complement. */
function varint(value: number): Buffer {
  const result: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) result.push(Number(rest & 127n) | 128)
  return Buffer.from([...result, Number(rest)])
}
