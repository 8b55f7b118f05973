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

const STYLES = {
  brief: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  short: { dateStyle: 'medium', timeStyle: 'short' },
  long: { dateStyle: 'full', timeStyle: 'short' },
  full: { dateStyle: 'full', timeStyle: 'long' },
} as const satisfies Record<keyof ExactTime, Intl.DateTimeFormatOptions>;

/** A format takes longer to be made than a list of a hundred rows to be written with it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant as a date and a time of the clock; written when it is read. */
export function exactTime(instant: string, locale: string): ExactTime {
  const write = (style: keyof ExactTime): string => formatOf(style, locale).format(new Date(instant));
  return {
    get brief() {
      return write('brief');
    },
    get short() {
      return write('short');
    },
    get long() {
      return write('long');
    },
    get full() {
      return write('full');
    },
  };
}

function formatOf(style: keyof ExactTime, locale: string): Intl.DateTimeFormat {
  const key = `${style} ${locale}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, STYLES[style]);
  formats.set(key, format);
  return format;
}
