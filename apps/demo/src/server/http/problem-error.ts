import type { Problem } from '../../api-contract.ts'

export type ProblemStatus = 400 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 502

/** An error that a person at the page can act on. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: ProblemStatus
  readonly problem: Problem

  constructor(status: ProblemStatus, problem: Problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}
