import { parse } from 'csv-parse/sync';
import { readXmlRoot, type XmlElement } from '../../support/xml-element.js';

/** Parts of an OpenAPI schema that determine how values are written as text. */
export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Schemas of an OpenAPI document, by name. */
export type Schemas = Record<string, Schema>;

/** Resolves the reference of a schema to another one. */
export function resolved(schema: Schema | undefined, schemas: Schemas): Schema {
  const target =
    schema?.allOf?.[0] ?? (schema?.$ref ? schemas[schema.$ref.split('/').at(-1) ?? ''] : undefined);
  return target ? resolved(target, schemas) : (schema ?? {});
}

/** Converts a text to the type in a schema, or returns it unchanged if that is not possible. */
export function parseText(text: string, { type }: Schema): unknown {
  if (type === 'boolean' && /^(true|false)$/.test(text)) {
    return text === 'true';
  }
  return /^(integer|number)$/.test(type ?? '') && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Returns the schema of a row from the schema of its page. */
export function rowSchemaOf(page: Schema, schemas: Schemas): Schema {
  return resolved(page, schemas).properties?.items?.items ?? {};
}

/** Parses JSON lines. */
export function readLines(text: string): unknown[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** Parses CSV with the schema of a row. Throws on lines of another length. */
export function readCsv(text: string, row: Schema, schemas: Schemas): unknown[] {
  const [columns = [], ...lines] = parse(text);
  return lines.map((cells) => {
    const value = {};
    columns.forEach((column, index) => put(value, column.split('.'), cells[index] ?? '', row));
    return value;
  });

  /** Sets the member in a column's name, such as `actor.name`, unless the cell is empty. */
  function put(value: Record<string, unknown>, path: readonly string[], cell: string, schema: Schema): void {
    const [name = '', ...rest] = path;
    const stated = resolved(resolved(schema, schemas).properties?.[name], schemas);
    if (cell !== '' && rest.length > 0) {
      put((value[name] ??= {}) as Record<string, unknown>, rest, cell, stated);
    } else if (cell !== '') {
      value[name] = valueOfCell(cell.replace(/^'(?=[=+\-@\t\r])/, ''), stated);
    }
  }

  function valueOfCell(cell: string, schema: Schema): unknown {
    if (schema.type === 'array') {
      const items = resolved(schema.items, schemas);
      if (items.type === 'object') {
        return JSON.parse(cell) as unknown;
      }
      return cell === '[]' ? [] : cell.split(' ').map((item) => parseText(item, items));
    }
    return schema.type === 'object' ? (JSON.parse(cell) as unknown) : parseText(cell, schema);
  }
}

/** Parses an XML document with its schema. Throws on elements that the schema does not allow. */
export function readXml(text: string, rootName: string, schema: Schema, schemas: Schemas): unknown {
  const root = readXmlRoot(text);
  if (root.name !== rootName) {
    throw new Error(`the root is ${root.name}, not ${rootName}`);
  }
  return valueOf(root, schema, schemas);
}

function valueOf(element: XmlElement, schema: Schema, schemas: Schemas): unknown {
  const { children, text } = element;
  const stated = alternativeFor(element, resolved(schema, schemas), schemas);
  if (stated.type === 'array') {
    if (children.some(({ name }) => name !== 'i')) {
      throw new Error(`${element.name} is an array, but has elements other than <i>`);
    }
    return children.map((child) => valueOf(child, stated.items ?? {}, schemas));
  }
  if (children.length === 0 && stated.type !== 'object') {
    return parseText(text, stated);
  }
  if (new Set(children.map(({ name }) => name)).size < children.length) {
    throw new Error(`${element.name} has an element twice`);
  }
  return Object.fromEntries(
    children.map((child) => [child.name, valueOf(child, stated.properties?.[child.name] ?? {}, schemas)]),
  );
}

/** Chooses the alternative with all members of an element. Without a schema, `<i>` elements are an array. */
function alternativeFor({ children }: XmlElement, schema: Schema, schemas: Schemas): Schema {
  const names = children.map(({ name }) => name);
  if (!schema.properties && !schema.oneOf && names.length > 0 && names.every((name) => name === 'i')) {
    return { type: 'array', items: schema.items };
  }
  const alternatives = (schema.oneOf ?? []).map((one) => resolved(one, schemas));
  return (
    alternatives.find(({ properties = {} }) => names.every((name) => name in properties)) ??
    alternatives[0] ??
    schema
  );
}
