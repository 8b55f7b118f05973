const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const STEP = 1_024;

/** So many things for people, such as `1 user` and `2 users`. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** A number of bytes for people, such as `1.5 MiB`. */
export function bytes(size: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(size, 1)) / 10), UNITS.length - 1);
  const value = size / STEP ** power;
  return `${power === 0 ? size : value.toFixed(1)} ${UNITS[power]}`;
}
