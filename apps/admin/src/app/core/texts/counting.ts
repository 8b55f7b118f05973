/** Formats a count with its noun, such as `1 token` and `1,204 tokens`. */
export type Counting = (count: number, one: string, other: string) => string;

/** Returns a formatter for a language with a singular and a plural form. */
export function counting(locale: string): Counting {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, one, other) => `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}
