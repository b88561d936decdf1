const neighbours = 5

/**
 * Share of items whose label is that of most of their 5 nearest others by cosine (leave-one-out). Of labels equally frequent among the
 * five, the one whose nearest item is nearest is taken; of items equally near, the earlier.
 * @param vectors Unit vectors.
 */
export function nearestNeighbourAccuracy(
  vectors: readonly Float32Array[],
  labels: readonly string[],
): number {
  return leaveOneOutAccuracy(labels, (item) => {
    const vector = vectors[item] ?? new Float32Array()
    return Float64Array.from(vectors, (other) => {
      let product = 0
      for (let k = 0; k < vector.length; k += 1) product += (vector[k] as number) * (other[k] as number)
      return product
    })
  })
}

/** The same for any similarity. `similarities(item)` are the item's to every item, itself included. */
export function leaveOneOutAccuracy(
  labels: readonly string[],
  similarities: (item: number) => Float64Array,
): number {
  const right = labels.filter((label, item) => {
    const votes = new Map<string, number>()
    const nearest = nearestOthers(similarities(item), item).map((other) => labels[other] as string)
    for (const vote of nearest) votes.set(vote, (votes.get(vote) ?? 0) + 1)
    const most = Math.max(...votes.values())
    return nearest.find((vote) => votes.get(vote) === most) === label
  })
  return right.length / labels.length
}

/** Nearest first. */
function nearestOthers(similarities: Float64Array, item: number): number[] {
  const nearest: number[] = []
  for (const [other, similarity] of similarities.entries()) {
    if (other === item) continue
    let place = nearest.length
    while (place > 0 && similarity > (similarities[nearest[place - 1] as number] as number)) place -= 1
    if (place >= neighbours) continue
    nearest.splice(place, 0, other)
    if (nearest.length > neighbours) nearest.pop()
  }
  return nearest
}
