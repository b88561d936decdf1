import { Option } from 'commander'
import { wholeNumber } from './parse-option.ts'

/** `--context`, the same for every command that loads a language model. */
export function contextOption(): Option {
  return new Option(
    '--context <tokens>',
    'that a local model takes at once, prompt and answer together (default: what it was trained on, at most 4096)',
  ).argParser(wholeNumber(1, 2 ** 24))
}
