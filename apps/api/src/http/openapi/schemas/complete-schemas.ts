import { type OpenAPIObject } from '@nestjs/swagger';
import * as models from '@latchkey/auth-models';
import { MEMBER_EXAMPLES } from './member-examples.js';
import { rulesOf, type Constraints, type MemberRules, type ValidatedClass } from './validator-schemas.js';

/** The parts of a schema that are completed. */
export interface Schema extends Constraints {
  example?: unknown;
  items?: Schema;
  $ref?: string;
  allOf?: Schema[];
  oneOf?: object[];
  xml?: object;
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MODELS = new Map(
  Object.entries(models).filter(([, exported]) => typeof exported === 'function') as [
    string,
    ValidatedClass,
  ][],
);

/** Adds to the classes of auth-models and of bodies what their validators know, and what their members look like. */
export function completeSchemas(
  { components }: OpenAPIObject,
  bodyClasses: ReadonlyMap<string, ValidatedClass>,
  passwordMinLength: number,
): void {
  for (const [name, schema] of Object.entries((components?.schemas ?? {}) as Record<string, Schema>)) {
    const dto = bodyClasses.get(name) ?? MODELS.get(name);
    const rules = dto ? rulesOf(dto, passwordMinLength) : new Map<string, MemberRules>();
    for (const [member, property] of Object.entries(schema.properties ?? {})) {
      if (property.example === undefined && isPlain(property)) {
        property.example = MEMBER_EXAMPLES[`${name}.${member}`] ?? MEMBER_EXAMPLES[member];
      }
      constrain(property, rules.get(member));
    }
    for (const [member, { alternative }] of rules) {
      if (alternative !== undefined) {
        schema.oneOf = [member, alternative].map((required) => ({ required: [required] }));
      }
    }
  }
}

/** Adds what the validators of a query class know to the parameters that were made of it. */
export function completeParameters(
  parameters: readonly { in: string; name: string; schema?: Schema }[],
  queryClass: ValidatedClass,
  passwordMinLength: number,
): void {
  const rules = rulesOf(queryClass, passwordMinLength);
  for (const { in: place, name, schema } of parameters) {
    if (place === 'query' && schema) {
      constrain(schema, rules.get(name));
    }
  }
}

/** Says of every array how XML has it: an element with an `<i>` an item, as {@link encodeXml} writes it. */
export function describeArraysInXml(node: unknown): void {
  if (typeof node !== 'object' || node === null) {
    return;
  }
  const schema = node as Schema;
  if (schema.type === 'array' && schema.items) {
    schema.xml = { wrapped: true };
    // What is beside a reference is not looked at (OpenAPI 3.0, reference object).
    schema.items = { ...(schema.items.$ref ? { allOf: [schema.items] } : schema.items), xml: { name: 'i' } };
  }
  Object.values(node).forEach(describeArraysInXml);
}

function constrain(schema: Schema, rules?: MemberRules): void {
  Object.assign(schema, rules?.own);
  if (schema.items && !schema.items.$ref) {
    Object.assign(schema.items, rules?.items);
  }
  // A day is a date of ISO 8601, too.
  if (schema.format === 'date-time' && DAY.test(String(schema.example))) {
    schema.format = 'date';
  }
}

/** Whether a member's values say nothing of themselves: enumerations do, and so do references to other classes. */
function isPlain({ type, enum: values, items }: Schema): boolean {
  return type !== undefined && type !== 'boolean' && !values && !(items && (!items.type || items.enum));
}
