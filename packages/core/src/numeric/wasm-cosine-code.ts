import {
  type Code,
  f32x4,
  i32,
  i32x4,
  local,
  repeatWhile,
  v128,
  when,
  type WasmFunction,
} from './wasm-assembler.ts'
import { blockRows, constant, magicBits, openHeader, rowStep, setting } from './wasm-cosine-settings.ts'
import { packFunction, productFunction } from './wasm-int16-code.ts'
import { advance, countDown } from './wasm-steps.ts'

/** Functions of the kernel that counts cosines. */
export function cosineFunctions(fused: boolean): readonly WasmFunction[] {
  return [
    packFunction(),
    productFunction('setInt16'),
    productFunction('addInt16'),
    binFunction(),
    settleFunction(fused),
  ]
}

/** `position` on the stack: leaves the nearest integer in the low bits of `nearest`, and whether it is nearer than `limit` to an integer on the stack. */
function isCertain(position: number, nearest: number, shift: number, limit: Code): Code {
  return [
    ...local.tee(position),
    ...local.get(shift),
    ...f32x4.add,
    ...local.set(nearest),
    ...local.get(position),
    ...local.get(nearest),
    ...local.get(shift),
    ...f32x4.sub,
    ...f32x4.sub,
    ...f32x4.abs,
    ...limit,
    ...f32x4.lt,
  ]
}

/** Adds 1 to the i32 at the address on the stack. */
const increment = (address: number, offset: number): Code => [
  ...local.tee(address),
  ...local.get(address),
  ...i32.load(offset),
  ...i32.const(1),
  ...i32.add,
  ...i32.store(offset),
]

/** From the bits of `nearest` to the bin's counters. */
const counterShift = 4
const fromBits: Code = i32.const(-((magicBits << counterShift) | 0) | 0)

/**
 * `binInt16` (rows, products, first, end, slope, counters, open): of `rows` rows of a block of products the columns from `first` on, `slope` more
 * in each row, up to `end`: the bin ⌊product · scale + half⌋ of each, where it is certain within the tolerance, is counted; the addresses
 * of the others are listed after `open` + 32, their number at `open`. In place of each product stands its bin. Every row must have a column.
 */
function binFunction(): WasmFunction {
  const [rows, products, first, end, slope, counters, open] = [0, 1, 2, 3, 4, 5, 6]
  const [at, column, openAt, address, lanes] = [7, 8, 9, 10, 11]
  const [scale, half, limit, discard, shift, firstLane, lastLane] = [12, 13, 14, 15, 16, 17, 18]
  const [position, nearest, certain, within] = [19, 20, 21, 22]
  const laneNumbers: Code = v128.constInt32([0, 1, 2, 3])
  const quad: Code[] = [
    [...local.get(at), ...v128.load(0), ...f32x4.fromInt32, ...local.get(scale), ...f32x4.mul],
    [...local.get(half), ...f32x4.add, ...isCertain(position, nearest, shift, local.get(limit))],
    // Lanes before `first` and from `end` on are no pairs.
    [...local.get(firstLane), ...local.get(column), ...i32x4.splat, ...local.tee(within), ...i32x4.lt],
    [...local.get(within), ...local.get(lastLane), ...i32x4.lt, ...v128.and, ...local.tee(within)],
    [...v128.and, ...local.set(certain)],
    [...local.get(at), ...local.get(nearest), ...local.get(shift), ...i32x4.sub, ...v128.store(0)],
    [...local.get(nearest), ...local.get(discard), ...local.get(certain), ...v128.bitselect],
    [...i32.const(counterShift), ...i32x4.shl, ...local.set(nearest)],
    ...[0, 1, 2, 3].map((lane) => [
      ...local.get(nearest),
      ...i32x4.extractLane(lane),
      ...local.get(counters),
      ...i32.add,
      ...increment(address, 4 * lane),
    ]),
    [...local.get(within), ...local.get(certain), ...v128.andnot, ...i32x4.bitmask, ...local.tee(lanes)],
    when(
      [0, 1, 2, 3].map((lane) => [
        ...local.get(openAt),
        ...local.get(at),
        ...i32.const(4 * lane),
        ...i32.add,
        ...i32.store(0),
        ...advance(openAt, [
          ...local.get(lanes),
          ...i32.const(lane),
          ...i32.shrUnsigned,
          ...i32.const(1),
          ...i32.and,
          ...i32.const(2),
          ...i32.shl,
        ]),
      ]),
    ),
    advance(at, i32.const(16)),
    // On while column < end.
    [...local.get(column), ...i32.const(4), ...i32.add, ...local.tee(column)],
    [...local.get(end), ...i32.sub, ...i32.const(31), ...i32.shrUnsigned],
  ]
  return {
    name: 'binInt16',
    parameters: 7,
    integers: 5,
    vectors: 11,
    body: [
      [...setting('scale'), ...local.set(scale), ...setting('shift'), ...local.set(half)],
      [...setting('limit'), ...local.set(limit), ...setting('discard'), ...local.set(discard)],
      [...constant(magicBits), ...local.set(shift)],
      // Lane l is a pair where first − 1 − l < column < end − l.
      [...local.get(end), ...i32x4.splat, ...laneNumbers, ...i32x4.sub, ...local.set(lastLane)],
      advance(counters, fromBits),
      [...local.get(open), ...i32.const(openHeader), ...i32.add, ...local.set(openAt)],
      repeatWhile([
        // column = first rounded down to a multiple of 4.
        [...local.get(first), ...i32.const(-4), ...i32.and, ...local.tee(column)],
        [...i32.const(2), ...i32.shl, ...local.get(products), ...i32.add, ...local.set(at)],
        [...local.get(first), ...i32.const(1), ...i32.sub, ...i32x4.splat],
        [...laneNumbers, ...i32x4.sub, ...local.set(firstLane)],
        repeatWhile(quad),
        advance(products, i32.const(4 * blockRows)),
        advance(first, local.get(slope)),
        countDown(rows),
      ]),
      [...local.get(open), ...local.get(openAt), ...local.get(open), ...i32.sub],
      [...i32.const(openHeader), ...i32.sub, ...i32.const(2), ...i32.shrUnsigned, ...i32.store(0)],
    ],
  }
}

/**
 * `settle` (open, counters, block, rows, columns, rowBytes, steps): takes the listed products again, as inner products of 16 · steps float32 of the
 * rows at `rows` and `columns`, `rowBytes` apart, to which the first row and column of `block` belong; counts those whose bin is now certain
 * and keeps the others in the list.
 */
function settleFunction(fused: boolean): WasmFunction {
  const [open, counters, block, rows, columns, rowBytes, steps] = [0, 1, 2, 3, 4, 5, 6]
  const [left, from, to, at, place, a, b, stepsLeft, address] = [7, 8, 9, 10, 11, 12, 13, 14, 15]
  const sum = (chain: number): number => 16 + chain
  const [position, nearest, certain, shift] = [20, 21, 22, 23]
  const chains = [0, 1, 2, 3]
  const add: Code = f32x4.add
  const dot: Code[] = [
    ...chains.map((chain) => [...constant(0), ...local.set(sum(chain))]),
    [...local.get(steps), ...local.set(stepsLeft)],
    repeatWhile([
      ...chains.map((chain) => {
        const factors = [...local.get(a), ...v128.load(16 * chain), ...local.get(b), ...v128.load(16 * chain)]
        return fused
          ? [...factors, ...local.get(sum(chain)), ...f32x4.relaxedMadd, ...local.set(sum(chain))]
          : [...local.get(sum(chain)), ...factors, ...f32x4.mul, ...add, ...local.set(sum(chain))]
      }),
      advance(a, i32.const(4 * rowStep)),
      advance(b, i32.const(4 * rowStep)),
      countDown(stepsLeft),
    ]),
    [...local.get(open), ...local.get(sum(0)), ...local.get(sum(1)), ...add],
    [...local.get(sum(2)), ...local.get(sum(3)), ...add, ...add, ...v128.store(16)],
    // The same sum in all four lanes.
    ...chains.map((chain) => [...local.get(open), ...v128.load32Splat(16 + 4 * chain)]),
    [...add, ...add, ...add],
  ]
  return {
    name: 'settle',
    parameters: 7,
    integers: 9,
    vectors: 8,
    body: [
      [...constant(magicBits), ...local.set(shift), ...advance(counters, fromBits)],
      [...local.get(open), ...i32.const(openHeader), ...i32.add, ...local.tee(from), ...local.set(to)],
      [...local.get(open), ...i32.load(0), ...local.tee(left)],
      when([
        repeatWhile([
          [...local.get(from), ...i32.load(0), ...local.tee(at)],
          [...local.get(block), ...i32.sub, ...i32.const(2), ...i32.shrUnsigned, ...local.tee(place)],
          [...i32.const(9), ...i32.shrUnsigned, ...local.get(rowBytes), ...i32.mul],
          [...local.get(rows), ...i32.add, ...local.set(a)],
          [...local.get(place), ...i32.const(blockRows - 1), ...i32.and, ...local.get(rowBytes), ...i32.mul],
          [...local.get(columns), ...i32.add, ...local.set(b)],
          ...dot,
          [...setting('half'), ...f32x4.mul, ...setting('shift'), ...f32x4.add],
          [...isCertain(position, nearest, shift, setting('closeLimit')), ...local.set(certain)],
          [...local.get(at), ...local.get(nearest), ...local.get(shift), ...i32x4.sub],
          [...i32x4.extractLane(0), ...i32.store(0)],
          [...local.get(nearest), ...setting('discard'), ...local.get(certain), ...v128.bitselect],
          [...i32.const(counterShift), ...i32x4.shl, ...i32x4.extractLane(0)],
          [...local.get(counters), ...i32.add, ...increment(address, 0)],
          // Stays in the list unless it is certain, which is -1 in each lane.
          [...local.get(to), ...local.get(at), ...i32.store(0)],
          advance(to, [
            ...local.get(certain),
            ...i32x4.extractLane(0),
            ...i32.const(1),
            ...i32.add,
            ...i32.const(2),
            ...i32.shl,
          ]),
          advance(from, i32.const(4)),
          countDown(left),
        ]),
      ]),
      [...local.get(open), ...local.get(to), ...local.get(open), ...i32.sub],
      [...i32.const(openHeader), ...i32.sub, ...i32.const(2), ...i32.shrUnsigned, ...i32.store(0)],
    ],
  }
}
