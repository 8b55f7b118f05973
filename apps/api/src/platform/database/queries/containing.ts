/** The LIKE pattern, with `\` as its escape, of texts that contain this one in any case. */
export function containing(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
