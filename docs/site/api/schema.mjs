// Schemas of the OpenAPI document as Markdown.

/** Longer patterns say less than the description of the member. */
const PATTERN_LENGTH = 60;

/** Escapes text for Markdown in Vue's templates. Code keeps its characters. */
export const escaped = (text) =>
  text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`')
        ? part
        : part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;'),
    )
    .join('');

/** Escapes text for the cell of a table. */
export const cell = (text) => escaped(text.replaceAll(/\s*\n\s*/g, ' ')).replaceAll('|', '\\|');

/** Returns a table in Markdown. */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Returns the name of the schema to which another one refers. */
export function nameOf({ $ref, allOf }) {
  const reference = $ref ?? (allOf?.length === 1 ? allOf[0].$ref : undefined);
  return reference?.split('/').at(-1);
}

/** Returns the type of a schema, with a link to each named schema. */
export function typeOf(schema) {
  const name = nameOf(schema);
  if (name !== undefined) {
    return `[${name}](schemas.md#${name.toLowerCase()})`;
  }
  if (schema.oneOf?.every((one) => one.type !== undefined || one.$ref !== undefined)) {
    return schema.oneOf.map(typeOf).join(' or ');
  }
  if (schema.type === 'array') {
    return `array of ${typeOf(schema.items)}`;
  }
  const type = schema.format === undefined ? (schema.type ?? 'any') : `${schema.type} (${schema.format})`;
  return schema.nullable ? `${type} or null` : type;
}

/** Returns the constraints of a schema in words. */
export function constraintsOf(schema) {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, pattern, uniqueItems } = schema;
  const values = schema.enum ?? schema.items?.enum;
  return [
    values && `One of ${values.map((value) => `\`${value}\``).join(', ')}.`,
    range('characters', minLength, maxLength),
    range('', minimum, maximum),
    range('items', minItems, maxItems),
    uniqueItems && 'Without duplicates.',
    pattern !== undefined && pattern.length <= PATTERN_LENGTH && `Pattern: \`${pattern}\`.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function range(unit, least, most) {
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (least === undefined && most === undefined) {
    return undefined;
  }
  if (least === undefined) {
    return `At most ${most}${suffix}.`;
  }
  return most === undefined ? `At least ${least}${suffix}.` : `${least} to ${most}${suffix}.`;
}

/** Returns the members of a schema as a table. */
export function memberTable(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, member]) => [
    `\`${name}\`${schema.required?.includes(name) ? '<br><em>required</em>' : ''}`,
    typeOf(member),
    cell([member.description, constraintsOf(member)].filter(Boolean).join(' ')),
  ]);
  return table(['Member', 'Type', 'Description'], rows);
}
