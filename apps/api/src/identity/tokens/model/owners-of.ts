/** Whose tokens these are, each once: whom a transaction touches that changed them. */
export function ownersOf(tokens: { userId: string } | readonly { userId: string }[]): string[] {
  return [...new Set([tokens].flat().map(({ userId }) => userId))];
}
