import type { MeanWeights, PersonaWeight } from '../evaluate/portrait.ts'
import { escapeHtml } from './escape-html.ts'
import { countText, percentText } from './number-text.ts'

/** Personas listed; the others are summed up. */
const mostListed = 20
const longestText = 160

/** Who speaks how often: the mixture's mean weights and temperatures. */
export function weightsSection(weights: MeanWeights): string {
  const { personas, effectivePersonas, exemplars, effectiveExemplars, conditions } = weights
  const heaviest = personas[0]?.weight ?? 1
  const listed = personas.slice(0, mostListed)
  const others = personas.slice(mostListed)
  const rows = listed.map((persona) => personaRow(persona, heaviest))
  if (others.length > 0) {
    const sum = others.reduce((total, { weight }) => total + weight, 0)
    rows.push(
      `<tr><th scope="row">${countText(others.length, 'more persona')}</th><td class="number">${percentText(sum)}</td><td></td><td></td></tr>`,
    )
  }
  const ofExemplars =
    exemplars.length === 0
      ? '<p>The mixture has no exemplars.</p>'
      : `<p>Exemplars weigh as ${effectiveExemplars.toFixed(1)} equally heavy ones would. The heaviest, by the ids of their records: ${exemplars.map(({ id, weight }) => `<code>${escapeHtml(id)}</code> ${percentText(weight)}`).join(', ')}. Their texts stand in the mixture's file, where it was saved with them, and not on this page.</p>`
  return [
    '<section><h2>Who speaks how often</h2>',
    `<p>The mixture's weights, averaged over the responses that were asked for (${countText(conditions, 'different condition')} of input and group). The ${countText(personas.length, 'persona')} weigh as ${effectivePersonas.toFixed(1)} equally heavy ones would. τ is the temperature at which a persona speaks.</p>`,
    `<div class="wide"><table class="weights"><thead><tr><th scope="col">persona</th><th scope="col" class="number">weight</th><th scope="col"><span class="hidden">bar</span></th><th scope="col" class="number">τ</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
    `${ofExemplars}</section>`,
  ].join('\n')
}

function personaRow({ id, text, weight, temperature }: PersonaWeight, heaviest: number): string {
  const shown = text.length > longestText ? `${text.slice(0, longestText).trimEnd()} …` : text
  const said = text === '' ? 'no text: the model without a persona' : shown
  const width = heaviest > 0 ? Math.round((1000 * weight) / heaviest) / 10 : 0
  return `<tr><th scope="row">${escapeHtml(id)}<small>${escapeHtml(said)}</small></th><td class="number">${percentText(weight)}</td><td class="bar"><svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true"><rect class="value" width="${width}" y="2" height="10"/></svg></td><td class="number">${temperature.toFixed(2)}</td></tr>`
}
