/** What whoever gets a set-up link has to know. */
export function describeLink(link: string, expirationTime = ''): string {
  return `Its owner chooses a password, once, until ${expirationTime}, at:\n\n  ${link}\n`;
}
