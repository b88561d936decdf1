import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends a run with one line, `N passed, N failed`, over all projects.
 * A file that does not load, a failing hook of a suite and an unhandled error each count as one failure;
 * skipped tests are named when there are any.
 */
export class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    let skipped = 0
    for (const module of modules) {
      failed += module.errors().length
      for (const suite of module.children.allSuites()) failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else skipped += 1
      }
    }
    const totals = [`${passed} passed`, `${failed} failed`]
    if (skipped > 0) totals.push(`${skipped} skipped`)
    // After the default reporter's own summary, which is written on the same event.
    process.once('exit', () => process.stdout.write(`${totals.join(', ')}\n`))
  }
}
