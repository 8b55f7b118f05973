/** Describes how to use a set-up link. */
export function describeLink(link: string, expirationTime = ''): string {
  return `Link to choose a password, which works once, until ${expirationTime}:\n\n  ${link}\n`;
}
