import { ContractViolationError } from '../errors/contract-violation-error.ts'

/**
 * One law of a contract, for any test runner:
 *
 *     for (const { name, run } of encoderContract(() => myEncoder())) test(name, run)
 */
export interface ContractCase {
  readonly name: string
  /** Rejects with a ContractViolationError where the law is broken, or with what the implementation threw. */
  readonly run: () => Promise<void>
}

/** Gives the implementation under test; called once per case, so it may return the same one each time. */
export type Make<Port> = () => Port | Promise<Port>

export function ensure(holds: boolean, law: string, found: unknown): asserts holds {
  if (!holds) throw new ContractViolationError({ law, found: inWords(found) })
}

export function requireClose(actual: number, expected: number, tolerance: number, law: string): void {
  const close = Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))
  ensure(close, law, `${actual} where ${expected} was expected`)
}

/** @returns what `work` rejects with. */
async function rejectionOf(work: Promise<unknown>, law: string): Promise<unknown> {
  const outcome = await work.then(
    () => ({ rejected: false, reason: undefined }),
    (reason: unknown) => ({ rejected: true, reason }),
  )
  ensure(outcome.rejected, law, 'a promise that was fulfilled')
  return outcome.reason
}

/** An aborted call rejects with the signal's own reason, whether it was aborted before or on the way. */
export async function requireCancellation(
  call: (signal: AbortSignal, onFirst: () => void) => Promise<unknown>,
): Promise<void> {
  const before = new Error('aborted before the call')
  const rejection = await rejectionOf(
    call(AbortSignal.abort(before), () => {}),
    'a call whose signal is already aborted must reject',
  )
  ensure(
    rejection === before,
    "a call whose signal is already aborted must reject with the signal's reason",
    rejection,
  )

  const during = new Error('aborted during the call')
  const stop = new AbortController()
  const interrupted = await rejectionOf(
    call(stop.signal, () => stop.abort(during)),
    'a call that is aborted on the way must reject',
  )
  ensure(
    interrupted === during,
    "a call that is aborted on the way must reject with the signal's reason",
    interrupted,
  )
}

function inWords(found: unknown): string {
  if (found instanceof Error) return `${found.name}: ${found.message}`
  if (typeof found === 'object' && found !== null) {
    return JSON.stringify(found, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
    )
  }
  return String(found)
}
