/** The parts of a schema in an OpenAPI document that say how values are written as texts. */
export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** The schemas of a document by name. */
export type Schemas = Record<string, Schema>;

/** What a schema says, where it refers to another. */
export function resolved(schema: Schema | undefined, schemas: Schemas): Schema {
  const target =
    schema?.allOf?.[0] ?? (schema?.$ref ? schemas[schema.$ref.split('/').at(-1) ?? ''] : undefined);
  return target ? resolved(target, schemas) : (schema ?? {});
}

/** A text as the value that a schema expects; a text that is none stays one. */
export function valueOfText(text: string, { type }: Schema): unknown {
  if (type === 'boolean' && /^(true|false)$/.test(text)) {
    return text === 'true';
  }
  return /^(integer|number)$/.test(type ?? '') && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
