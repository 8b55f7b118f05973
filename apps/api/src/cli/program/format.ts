const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const STEP = 1_024;

/** Formats a number with its noun, such as `1 user` and `2 users`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** Formats a number of bytes, such as `1.5 MiB`. */
export function bytes(size: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(size, 1)) / 10), UNITS.length - 1);
  const value = size / STEP ** power;
  return `${power === 0 ? size : value.toFixed(1)} ${UNITS[power]}`;
}

/** Describes how to use a set-up link. */
export function describeLink(link: string, expirationTime = ''): string {
  return `Link to choose a password, which works once, until ${expirationTime}:\n\n  ${link}\n`;
}
