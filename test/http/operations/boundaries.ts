/** Constraints of a member or parameter. */
export interface Constrained {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  nullable?: boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  items?: Constrained;
}

const SAMPLES = ['a', 'a:b', 'https://a'].map((start) => (index: number) => `${start}${index}`);
const TEXTS_FOR_PATTERNS = ['\u0001', ' ', '!', 'A B', 'a,', 'a'.repeat(300), 'nonsense,nonsense'];

const BAD_TIMES = ['tomorrow', '2030-01-01', '2030-01-01T00:00:00', '2030-02-30T00:00:00Z'];
const GOOD_TIMES = ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.123+02:00'];

/** Returns values just outside each constraint. The server must reject all of them. */
export function valuesOutside(schema: Constrained): unknown[] {
  const { minimum, maximum, minItems, maxItems, items } = schema;
  return [
    ...(schema.nullable ? [] : [null]),
    ...(schema.type === 'integer' ? [1.5, '1'] : []),
    ...(schema.type === 'boolean' ? ['true', 1] : []),
    ...(schema.type === 'string' ? [1, ['a']] : []),
    ...(schema.type === 'array' ? ['a', {}] : []),
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(minItems === undefined ? [] : [samplesOf(items, minItems - 1)]),
    ...(maxItems === undefined ? [] : [samplesOf(items, maxItems + 1)]),
    ...(schema.uniqueItems ? [[sampleOf(items, 0), sampleOf(items, 0)]] : []),
    ...textsOutside(schema),
    ...(items ? [[1], [null], ...textsOutside(items).map((text) => [text])] : []),
  ];
}

/** Returns parameters just outside each constraint. */
export function parametersOutside(schema: Constrained): string[] {
  const { type, minimum, maximum } = schema;
  return [
    ...(type === 'integer' ? ['1.5', 'x', ''] : []),
    ...(type === 'boolean' ? ['yes', '1', ''] : []),
    ...(minimum === undefined ? [] : [String(minimum - 1)]),
    ...(maximum === undefined ? [] : [String(maximum + 1)]),
    ...textsOutside(schema),
  ];
}

function textsOutside({ format, pattern, enum: words, ...schema }: Constrained): string[] {
  const { minLength = 0, maxLength = Infinity } = schema;
  const isLongEnough = (text: string) => text.length >= minLength && text.length <= maxLength;
  return [
    ...(words ? ['nonsense', String(words[0]).toUpperCase()] : []),
    ...(minLength > 0 ? ['a'.repeat(minLength - 1)] : []),
    ...(maxLength < Infinity ? ['a'.repeat(maxLength + 1)] : []),
    ...(pattern
      ? TEXTS_FOR_PATTERNS.filter((text) => isLongEnough(text) && !new RegExp(pattern).test(text))
      : []),
    ...(format === 'date-time' ? BAD_TIMES : []),
    ...(format === 'email' ? ['nobody', '@example.org'] : []),
  ];
}

/** Returns values just inside each constraint. The server may reject them, but not for their format. */
export function valuesInside(schema: Constrained): unknown[] {
  const { type, minimum, maximum, minItems = 0, maxItems, items } = schema;
  return [
    ...(schema.nullable ? [null] : []),
    ...(type === 'boolean' ? [true, false] : []),
    ...[minimum, maximum].filter((bound) => bound !== undefined),
    ...(type === 'array' ? [samplesOf(items, minItems), samplesOf(items, maxItems ?? minItems)] : []),
    ...textsInside(schema),
    ...(items ? textsInside(items).map((text) => [text]) : []),
  ];
}

function textsInside(schema: Constrained): unknown[] {
  const { type, format, enum: words, minLength, maxLength } = schema;
  if (words || type !== 'string') {
    return words ?? [];
  }
  if (format === 'date-time') {
    return GOOD_TIMES;
  }
  if (format === 'email') {
    return ['a@example.org', emailOf(maxLength ?? 0)];
  }
  const lengths = [minLength, maxLength].filter((length) => length !== undefined);
  return [sampleOf(schema, 0), ...lengths.flatMap((length) => textOf(length, schema.pattern) ?? [])];
}

/** Returns a text of this length that matches a pattern, if the test knows one. */
function textOf(length: number, pattern = ''): string | undefined {
  const candidates = ['', 'https://'].map((start) => start.padEnd(length, 'a').slice(0, length));
  return candidates.find((text) => new RegExp(pattern).test(text));
}

function samplesOf(items: Constrained | undefined, count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => sampleOf(items, index));
}

/** Returns a text that matches the schema: for a pattern of alternatives, the first one. */
function sampleOf(
  { pattern = '', minLength = 0, enum: listing, format }: Constrained = {},
  index: number,
): string {
  if (listing || format === 'email') {
    return listing ? String(listing[index % listing.length]) : `a${index}@example.org`;
  }
  const [, words = ''] = /\(([\w|.\\]+)\)/.exec(pattern) ?? [];
  const listed = words.split('|')[0]?.replaceAll('\\', '') ?? '';
  const candidates = [...SAMPLES.map((sample) => sample(index).padEnd(minLength, 'a')), listed];
  return candidates.find((text) => new RegExp(pattern).test(text)) ?? '';
}

/** Returns an e-mail address of this length, with the longest labels that DNS allows. */
function emailOf(length: number): string {
  const label = 'a'.repeat(63);
  const start = `${'a'.repeat(64)}@${label}.${label}.`;
  return `${start}${'a'.repeat(length - start.length - '.org'.length)}.org`;
}
