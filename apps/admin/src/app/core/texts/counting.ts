/** Counts things in words, such as `1 token` and `1,204 tokens`. */
export type Counting = (count: number, one: string, other: string) => string;

/** Counts things by the plural rules and with the digits of a language that has two forms. */
export function counting(locale: string): Counting {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, one, other) => `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}
