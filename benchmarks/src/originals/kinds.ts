/**
 * How a peer's BLAS is run, always with two threads. `installed`: as the system has it. `tuned`: OpenBLAS told its processor, one with
 * AVX-512, which Debian's takes for an old one. `tuned-openmp`: so tuned, and Debian's build of OpenBLAS on OpenMP, which shares its threads with
 * faiss, scikit-learn and torch, in place of its own threads. `single`: tuned, on one thread.
 */
export const kinds = ['installed', 'tuned', 'tuned-openmp', 'single'] as const

export type Kind = (typeof kinds)[number]

export const openmpFolder = '/usr/lib/x86_64-linux-gnu/openblas-openmp'

export function environmentOf(kind: Kind): Readonly<Record<string, string>> {
  const threads = kind === 'single' ? '1' : '2'
  const environment = { OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads }
  if (kind === 'installed') return environment
  const tuned = { ...environment, OPENBLAS_CORETYPE: 'SkylakeX' }
  return kind === 'tuned-openmp' ? { ...tuned, LD_LIBRARY_PATH: openmpFolder } : tuned
}
