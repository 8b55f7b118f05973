import { type OpenAPIObject } from '@nestjs/swagger';
import * as models from '@latchkey/auth-models';
import { exampleOf } from './member-examples.js';
import {
  memberRulesOf,
  type Constraints,
  type MemberRules,
  type ValidatedClass,
} from './validator-schemas.js';

/** Parts of a schema that are completed. */
export interface Schema extends Constraints {
  example?: unknown;
  items?: Schema;
  $ref?: string;
  allOf?: Schema[];
  oneOf?: object[];
  nullable?: boolean;
  not?: object;
  xml?: object;
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  'x-enumDescriptions'?: Record<string, string>;
  'x-explanations'?: Record<string, { remedy: string; example: string }>;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MODELS = new Map(
  Object.entries(models).filter(([, exported]) => typeof exported === 'function') as [
    string,
    ValidatedClass,
  ][],
);

/** Adds the constraints of validators and examples to the schemas of auth-models and of bodies. */
export function completeSchemas(
  { components }: OpenAPIObject,
  bodyClasses: ReadonlyMap<string, ValidatedClass>,
  passwordMinLength: number,
): void {
  const schemas = (components?.schemas ?? {}) as Record<string, Schema>;
  for (const [name, schema] of Object.entries(schemas)) {
    const dto = bodyClasses.get(name) ?? MODELS.get(name);
    const rules = dto ? memberRulesOf(dto, passwordMinLength) : new Map<string, MemberRules>();
    for (const [member, property] of Object.entries(schema.properties ?? {})) {
      if (property.example === undefined && isPlain(property)) {
        property.example = exampleOf(name, member, property.type);
      }
      constrain(property, rules.get(member));
    }
    for (const [member, { alternative, isRequired }] of rules) {
      if (alternative === undefined) {
        continue;
      }
      if (isRequired) {
        schema.oneOf = [member, alternative].map((required) => ({ required: [required] }));
      } else {
        schema.not = { required: [member, alternative] };
      }
    }
  }
  for (const { properties = {} } of Object.values(schemas)) {
    Object.values(properties).forEach((property) => inlineNullable(property, schemas));
  }
}

/**
 * Replaces a reference that may be `null` by its schema: `nullable` has no effect without a type (OpenAPI
 * 3.0.4).
 */
function inlineNullable(property: Schema, schemas: Record<string, Schema>): void {
  const [reference] = property.allOf ?? [];
  if (property.nullable && reference) {
    delete property.allOf;
    Object.assign(property, structuredClone(schemas[reference.$ref?.split('/').at(-1) ?? '']));
  }
}

/** Adds the constraints of validators to query parameters. */
export function completeParameters(
  parameters: readonly { in: string; name: string; schema?: Schema }[],
  queryClass: ValidatedClass,
  passwordMinLength: number,
): void {
  const rules = memberRulesOf(queryClass, passwordMinLength);
  for (const { in: place, name, schema } of parameters) {
    if (place === 'query' && schema) {
      constrain(schema, rules.get(name));
    }
  }
}

/** Describes arrays in XML as {@link encodeXml} writes them: an element with one `<i>` per item. */
export function describeArraysInXml(node: unknown): void {
  if (typeof node !== 'object' || node === null) {
    return;
  }
  const schema = node as Schema;
  if (schema.type === 'array' && schema.items) {
    schema.xml = { wrapped: true };
    // Siblings of a reference are ignored (OpenAPI 3.0, reference object).
    schema.items = { ...(schema.items.$ref ? { allOf: [schema.items] } : schema.items), xml: { name: 'i' } };
  }
  Object.values(node).forEach(describeArraysInXml);
}

function constrain(schema: Schema, rules?: MemberRules): void {
  Object.assign(schema, rules?.own);
  if (schema.items && !schema.items.$ref) {
    Object.assign(schema.items, rules?.items);
  }
  // A day is an ISO 8601 date as well.
  if (schema.format === 'date-time' && DAY.test(String(schema.example))) {
    schema.format = 'date';
  }
}

/** Whether a member needs an example. Enumerations and references to other classes do not. */
function isPlain({ type, enum: values, items }: Schema): boolean {
  return type !== undefined && type !== 'boolean' && !values && !(items && (!items.type || items.enum));
}
