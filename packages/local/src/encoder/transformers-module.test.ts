import { expect, test } from 'vitest'
import { fakeTransformers } from '../testing/fake-transformers.ts'
import { importTransformers } from './transformers-module.ts'

/** An error as Node's module loader throws it. */
const loaderError = (message: string): Error =>
  Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

test('transformers.js is taken as it is', async () => {
  const { module } = fakeTransformers()
  expect(await importTransformers(async () => module)).toBe(module)
})

test('where it is not installed, the error names it and the command that installs it', async () => {
  const importing = importTransformers(() =>
    Promise.reject(loaderError("Cannot find package '@huggingface/transformers' imported from index.js")),
  )
  await expect(importing).rejects.toThrow(
    'ONNX encoders need the package @huggingface/transformers, which is not installed. ' +
      'Install it beside @mop/local: npm install --ignore-scripts @huggingface/transformers@4',
  )
  await expect(importing).rejects.toThrow(expect.objectContaining({ code: 'local.peer-package' }))
})

test('where a part of it is missing, the error says which', async () => {
  const problem = "Cannot find package 'sharp' imported from @huggingface/transformers/index.js"
  const importing = importTransformers(() => Promise.reject(loaderError(problem)))
  await expect(importing).rejects.toThrow(`which cannot be loaded (${problem})`)
})

test('a version without what is used is refused', async () => {
  await expect(importTransformers(async () => ({ AutoTokenizer: {} }))).rejects.toThrow(
    'which has no AutoModel in the installed version',
  )
})
