/** Measures all subjects in turn, round after round, so that disturbances affect all alike. */
export async function inRounds(subjects, rounds, measure) {
  const results = subjects.map(() => []);
  // The first round is the warm-up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const result = await measure(subject);
      if (round > 0) {
        results[index].push(result);
      }
    }
    process.stderr.write(round === 0 ? '  warm\n' : `  round ${round} of ${rounds}\n`);
  }
  return results;
}

/** Returns the median, minimum and maximum of numbers. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], minimum: sorted[0], maximum: sorted.at(-1) };
}
