import { logComponentWeights } from '../gate/log-component-weights.ts'
import { type ProjectedGate, projectInput } from '../gate/projected-gate.ts'
import { dot } from '../numeric/dot.ts'
import { type Matrix, rowOf } from '../numeric/matrix.ts'
import { softmax } from '../numeric/softmax.ts'

/** A distribution over the K · max(1, J) components for each distinct input. */
export type Proposal = (input: number) => Float64Array

/** Sharpness of the first round's preference for exemplars near the input, per unit of cosine. */
const similaritySharpness = 8
/** Share of a later round's draws that still comes from the first round's proposal. */
const explorationShare = 0.3

/**
 * The first round's proposal, before anything is known: personas alike; exemplars half alike, half by
 * similarity to the input, exp(8 cos).
 */
export function firstProposal(options: { personas: number; hx: Matrix; he: Matrix }): Proposal {
  const { personas, hx, he } = options
  if (he.rows === 0) return () => new Float64Array(personas).fill(1 / personas)
  return (input) => {
    const x = rowOf(hx, input)
    const logits = Float64Array.from(
      { length: he.rows },
      (_, j) => similaritySharpness * dot(x, rowOf(he, j), he.columns),
    )
    const similar = softmax(logits)
    const exemplars = similar.map((weight) => (0.5 * weight + 0.5 / he.rows) / personas)
    const all = new Float64Array(personas * he.rows)
    for (let k = 0; k < personas; k += 1) all.set(exemplars, k * he.rows)
    return all
  }
}

/** What a gate itself would draw. */
export function gateProposal(gate: ProjectedGate, hx: Matrix): Proposal {
  return (input) => logComponentWeights(gate, projectInput(gate, rowOf(hx, input))).map(Math.exp)
}

/**
 * A later round: seven tenths from the current gate, whose heaviest components are so included with
 * certainty, and three tenths as in the first round, so that a wrong early gate can be corrected.
 */
export function laterProposal(gate: ProjectedGate, hx: Matrix, first: Proposal): Proposal {
  return mixProposals([
    [1 - explorationShare, gateProposal(gate, hx)],
    [explorationShare, first],
  ])
}

export function mixProposals(parts: readonly (readonly [share: number, proposal: Proposal])[]): Proposal {
  return (input) => {
    let mixed = new Float64Array(0)
    for (const [share, proposal] of parts) {
      const q = proposal(input)
      if (mixed.length === 0) mixed = new Float64Array(q.length)
      for (let c = 0; c < q.length; c += 1) mixed[c] = (mixed[c] as number) + share * (q[c] as number)
    }
    return mixed
  }
}
