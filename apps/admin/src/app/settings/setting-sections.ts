import type { SettingDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';

/** A variable as shown on the page. */
export interface SettingRow extends SettingDto {
  /** `null` if the catalogue does not know the variable. */
  readonly description: string | null;
  /** Value as a duration; `null` if it is none. */
  readonly duration: string | null;
}

export interface SettingSection {
  readonly heading: string;
  readonly isOpen: boolean;
  readonly rows: readonly SettingRow[];
}

/** Number of common settings, which the server lists first. */
const COMMON_COUNT = 14;

/** Units from the largest, in seconds. */
const UNITS: readonly [string, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/**
 * Returns the variables whose name or description contains a text: the common ones, and the advanced ones.
 */
export function settingSections(
  settings: readonly SettingDto[],
  text: string,
  { settings: texts }: Texts,
  locale: string,
): SettingSection[] {
  const search = text.trim().toLowerCase();
  const descriptions: Readonly<Record<string, string>> = texts.variables;
  const found = (part: readonly SettingDto[]) =>
    part
      .map((setting): SettingRow => ({
        ...setting,
        description: descriptions[setting.name] ?? null,
        duration: formatDuration(setting.name, setting.value ?? '', locale),
      }))
      .filter(({ name, description }) => `${name}\n${description ?? ''}`.toLowerCase().includes(search));

  return [
    { heading: texts.common, isOpen: true, rows: found(settings.slice(0, COMMON_COUNT)) },
    { heading: texts.advanced, isOpen: search !== '', rows: found(settings.slice(COMMON_COUNT)) },
  ].filter(({ rows }) => rows.length > 0);
}

/**
 * Formats the value of a variable such as `1 day 12 hours`; `null` for 0, or if its name has no unit of time.
 */
export function formatDuration(name: string, value: string, locale: string): string | null {
  const isMilliseconds = name.endsWith('_MS');
  if (!/^[1-9]\d*$/.test(value) || !(isMilliseconds || name.endsWith('_SECONDS'))) {
    return null;
  }
  const format = (count: number, unit: string): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);

  let rest = Number(value) / (isMilliseconds ? 1000 : 1);
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [format(count, unit)];
  });
  if (rest > 0) {
    parts.push(format(rest, 'second'));
  }
  return parts.join(' ');
}
