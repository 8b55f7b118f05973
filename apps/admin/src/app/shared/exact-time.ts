/** How exactly an instant is told. */
export interface ExactTime {
  /** Without the year, for what is a few days off. */
  readonly brief: string;
  /** Short enough for a cell. */
  readonly short: string;
  /** For a sentence. */
  readonly long: string;
  /** To the second, with the zone. */
  readonly full: string;
}

/** An instant as a date and a time of the clock. */
export function exactTime(instant: string, locale: string): ExactTime {
  const date = new Date(instant);
  const format = (dateStyle: 'medium' | 'full', timeStyle: 'short' | 'long'): string =>
    new Intl.DateTimeFormat(locale, { dateStyle, timeStyle }).format(date);
  const brief = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  return {
    brief: new Intl.DateTimeFormat(locale, brief).format(date),
    short: format('medium', 'short'),
    long: format('full', 'short'),
    full: format('full', 'long'),
  };
}
