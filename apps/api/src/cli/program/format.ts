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

/** Describes a set-up link, the file that contains it, or the address that it was sent to. */
export function describeLink(link: {
  link?: string;
  file?: string;
  sentTo?: string;
  expirationTime: string;
}): string {
  const use = `works once, until ${link.expirationTime}`;
  if (link.sentTo !== undefined) {
    return `Sent the link to choose a password to ${link.sentTo}. It ${use}.`;
  }
  return link.file === undefined
    ? `Link to choose a password, which ${use}:\n\n  ${link.link}\n`
    : `The link to choose a password is in ${link.file}. It ${use}.`;
}
