// Example values for the schemas of the OpenAPI document.
import { nameOf } from './schema.mjs';

/**
 * Returns an example for a schema.
 *
 * @param membersOf selects the members of an object, by default all.
 */
export function exampleOf(schema, schemas, membersOf = ({ properties = {} }) => Object.keys(properties)) {
  const named = schemas[nameOf(schema)];
  if (named !== undefined) {
    return exampleOf(named, schemas, membersOf);
  }
  if (schema.example !== undefined) {
    return schema.example;
  }
  if (schema.enum !== undefined) {
    return schema.enum[0];
  }
  if (schema.properties !== undefined) {
    const members = membersOf(schema);
    return Object.fromEntries(
      members.map((name) => [name, exampleOf(schema.properties[name], schemas, membersOf)]),
    );
  }
  if (schema.oneOf !== undefined) {
    return exampleOf(schema.oneOf[0], schemas, membersOf);
  }
  return schema.type === 'array' ? [exampleOf(schema.items, schemas, membersOf)] : VALUES[schema.type];
}

/** Examples for types without an example of their own. */
const VALUES = { boolean: true, integer: 1, number: 1, string: '…', object: {} };
