const MILLISECONDS = 1000;

/** Units from the largest, in seconds. */
const UNITS: readonly [string, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** What a variable's value lasts, in words, such as `1 day 12 hours`; `null` if it is no duration. */
export function durationText(name: string, value: string, locale: string): string | null {
  const isMilliseconds = name.endsWith('_MS');
  if (!/^\d+$/.test(value) || !(isMilliseconds || name.endsWith('_SECONDS'))) {
    return null;
  }
  let rest = Number(value) / (isMilliseconds ? MILLISECONDS : 1);
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [amount(count, unit, locale)];
  });
  if (rest > 0 || parts.length === 0) {
    parts.push(amount(rest, 'second', locale));
  }
  return parts.join(' ');
}

function amount(count: number, unit: string, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
