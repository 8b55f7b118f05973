import { type OpenAPIObject } from '@nestjs/swagger';
import * as models from '@latchkey/auth-models';
import { getMetadataStorage } from 'class-validator';
import { MEMBER_EXAMPLES } from './member-examples.js';

interface Schema {
  type?: string;
  format?: string;
  example?: unknown;
  enum?: unknown[];
  items?: Schema;
  $ref?: string;
  allOf?: Schema[];
  xml?: object;
  properties?: Record<string, Schema>;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CLASSES = new Map(Object.entries(models).filter(([, exported]) => typeof exported === 'function'));

/** Adds to the classes of auth-models what their validators know, and what their members look like. */
export function completeSchemas({ components }: OpenAPIObject): void {
  for (const [name, schema] of Object.entries((components?.schemas ?? {}) as Record<string, Schema>)) {
    const rules = rulesOf(CLASSES.get(name));
    for (const [member, property] of Object.entries(schema.properties ?? {})) {
      if (property.example === undefined && isPlain(property)) {
        property.example = MEMBER_EXAMPLES[`${name}.${member}`] ?? MEMBER_EXAMPLES[member];
      }
      completeProperty(property, rules.get(member) ?? []);
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

/** Names of the validators of each member. */
function rulesOf(dto: unknown): Map<string, string[]> {
  const rules = new Map<string, string[]>();
  if (dto) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(
      dto as new () => unknown,
      '',
      false,
      false,
    );
    for (const { propertyName, name } of metadata) {
      rules.set(propertyName, [...(rules.get(propertyName) ?? []), name ?? '']);
    }
  }
  return rules;
}

function completeProperty(property: Schema, rules: readonly string[]): void {
  if (rules.includes('isInt')) {
    property.type = 'integer';
  }
  if (rules.includes('isIso8601')) {
    // Days are ISO 8601, too.
    property.format = DAY.test(String(property.example)) ? 'date' : 'date-time';
  }
}

/** Whether a member's values say nothing of themselves: enumerations do, and so do references to other classes. */
function isPlain({ type, enum: values, items }: Schema): boolean {
  return type !== undefined && type !== 'boolean' && !values && !(items && (!items.type || items.enum));
}
