const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const STEP = 1_024;

/** A number of bytes for people, such as `1.5 MiB`. */
export function bytes(count: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), UNITS.length - 1);
  const value = count / STEP ** power;
  return `${power === 0 ? count : value.toFixed(1)} ${UNITS[power]}`;
}
