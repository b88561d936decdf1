/**
 * c (m × n) += op(a) (m × k) · op(b) (k × n), plain TypeScript on row-major typed arrays.
 * a is stored k × m where `transposeA`, b is stored n × k where `transposeB`.
 */
export function gemmPlain(
  m: number,
  n: number,
  k: number,
  a: Float64Array | Float32Array,
  transposeA: boolean,
  b: Float64Array | Float32Array,
  transposeB: boolean,
  c: Float64Array | Float32Array,
): void {
  const aRow = transposeA ? 1 : k
  const aColumn = transposeA ? m : 1
  const bRow = transposeB ? 1 : n
  const bColumn = transposeB ? k : 1
  const tile = 4
  const fullColumns = n - (n % tile)
  const panel = new Float64Array(k * tile)
  for (let column = 0; column < fullColumns; column += tile) {
    for (let inner = 0; inner < k; inner++) {
      for (let lane = 0; lane < tile; lane++) {
        panel[inner * tile + lane] = b[inner * bRow + (column + lane) * bColumn] as number
      }
    }
    let row = 0
    for (; row + 1 < m; row += 2) {
      let a0 = row * aRow
      let a1 = a0 + aRow
      let c00 = 0
      let c01 = 0
      let c02 = 0
      let c03 = 0
      let c10 = 0
      let c11 = 0
      let c12 = 0
      let c13 = 0
      for (let position = 0; position < k * tile; position += tile) {
        const x0 = a[a0] as number
        const x1 = a[a1] as number
        const b0 = panel[position] as number
        const b1 = panel[position + 1] as number
        const b2 = panel[position + 2] as number
        const b3 = panel[position + 3] as number
        c00 += x0 * b0
        c01 += x0 * b1
        c02 += x0 * b2
        c03 += x0 * b3
        c10 += x1 * b0
        c11 += x1 * b1
        c12 += x1 * b2
        c13 += x1 * b3
        a0 += aColumn
        a1 += aColumn
      }
      addTo(c, row * n + column, c00, c01, c02, c03)
      addTo(c, (row + 1) * n + column, c10, c11, c12, c13)
    }
    for (; row < m; row++) {
      for (let lane = 0; lane < tile; lane++) {
        let sum = 0
        for (let inner = 0; inner < k; inner++) {
          sum += (a[row * aRow + inner * aColumn] as number) * (panel[inner * tile + lane] as number)
        }
        c[row * n + column + lane] = (c[row * n + column + lane] as number) + sum
      }
    }
  }
  for (let column = fullColumns; column < n; column++) {
    for (let row = 0; row < m; row++) {
      let sum = 0
      for (let inner = 0; inner < k; inner++) {
        sum += (a[row * aRow + inner * aColumn] as number) * (b[inner * bRow + column * bColumn] as number)
      }
      c[row * n + column] = (c[row * n + column] as number) + sum
    }
  }
}

function addTo(
  c: Float64Array | Float32Array,
  at: number,
  v0: number,
  v1: number,
  v2: number,
  v3: number,
): void {
  c[at] = (c[at] as number) + v0
  c[at + 1] = (c[at + 1] as number) + v1
  c[at + 2] = (c[at + 2] as number) + v2
  c[at + 3] = (c[at + 3] as number) + v3
}
