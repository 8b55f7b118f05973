/** Describes how to use a set-up link. */
export function describeLink(link: string, expirationTime = ''): string {
  return `Its owner chooses a password, once, until ${expirationTime}, at:\n\n  ${link}\n`;
}
