import type { HeldOut, MixtureSummary } from '../../api-contract.ts'
import type { FittedMixture } from './fitted-mixture.ts'

export function mixtureSummary({ bound, report, contains }: FittedMixture): MixtureSummary {
  const { mixture, encoder } = bound
  const { heldOut } = report
  return {
    personas: mixture.personas.map(({ id, text }, index) => ({
      id,
      text,
      size: report.personaSizes[index] ?? 0,
      temperature: mixture.temperatures[index] ?? 1,
    })),
    exemplars: mixture.exemplars.length,
    encoder: encoder.id,
    scorer: mixture.provenance.scorer,
    records: report.records,
    gate: report.gate.chosen,
    heldOut: {
      bare: shown(heldOut.bare),
      uniform: shown(heldOut.uniform),
      constant: shown(heldOut.constant),
      mixture: shown(heldOut.mixture),
    },
    gainOver: heldOut.gainOver,
    attributes: mixture.attributes.map(({ name, values }) => ({ name, values })),
    contains: sentences(contains, mixture.exemplars.length),
    warnings: report.warnings.map(inWordsOfThePage),
  }
}

/** What core calls otherwise than the page: held-out pairs grow with the pairs of a round. */
function inWordsOfThePage(warning: string): string {
  return warning.replace('score more held-out pairs (`heldOutPairs`)', 'fit with more pairs for each record')
}

function shown({ perRecord, standardError }: HeldOut): HeldOut {
  return { perRecord, standardError }
}

function sentences(contains: FittedMixture['contains'], exemplars: number): string[] {
  const { exemplarTexts, personaTexts, recordIds, respondents, attributes, attributeShares, recordDigests } =
    contains
  return [
    ...(exemplarTexts ? [`The words of ${exemplars} exemplars, as people wrote them.`] : []),
    ...(personaTexts ? ['The descriptions of the personas, which may quote records.'] : []),
    ...(recordIds ? ['Ids of records.'] : []),
    ...(respondents ? ['Names or ids of respondents.'] : []),
    ...(attributes ? ['Attributes of single people.'] : []),
    ...(recordDigests === true ? ['Digests of the records it was fitted on.'] : []),
    ...(attributeShares === true ? ['How attributes are spread within each persona.'] : []),
  ]
}
