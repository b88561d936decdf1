import { type Code, f64x2, i32, local } from './wasm-assembler.ts'

/** Adds to a pointer. */
export function advance(pointer: number, by: Code): Code {
  return [...local.get(pointer), ...by, ...i32.add, ...local.set(pointer)]
}

/** Leaves the counter less one on the stack. */
export function countDown(counter: number): Code {
  return [...local.get(counter), ...i32.const(1), ...i32.sub, ...local.tee(counter)]
}

/** Leaves factor · other + addend on the stack. */
export function multiplyAdd(fused: boolean, factor: Code, other: Code, addend: Code): Code {
  return fused
    ? [...factor, ...other, ...addend, ...f64x2.relaxedMadd]
    : [...addend, ...factor, ...other, ...f64x2.mul, ...f64x2.add]
}

/** f64x2.sub, which the assembler does without. */
export const subtract: Code = [0xfd, 0xf1, 0x01]
