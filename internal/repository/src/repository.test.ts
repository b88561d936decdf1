import { expect, it } from 'vitest'
import { filesByWalk, repositoryFiles } from './repository.ts'

it('lists the files of the repository, and neither what is installed nor what is built', () => {
  const files = repositoryFiles()
  expect(files).toEqual(expect.arrayContaining(['package.json', '.ci/run', 'packages/core/src/index.ts']))
  expect(files.filter((file) => /(?:^|\/)(?:node_modules|dist|\.turbo)\//.test(file))).toEqual([])
})

it('finds them without git too', () => {
  const walked = filesByWalk('')
  expect(walked).toEqual(expect.arrayContaining([...repositoryFiles()]))
  expect(walked.filter((file) => /(?:^|\/)(?:node_modules|dist|\.git)\//.test(file))).toEqual([])
})
