/** Returns a lower-case LIKE pattern, with `\` as its escape, for texts that contain this one. */
export function containing(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
