import { parse } from 'csv-parse/sync';
import { resolved, valueOfText, type Schema, type Schemas } from './schema.js';

/** The schema of a row, by that of the page it is a row of. */
export function rowSchemaOf(page: Schema, schemas: Schemas): Schema {
  return resolved(page, schemas).properties?.items?.items ?? {};
}

/** Reads JSON lines as values. */
export function readLines(text: string): unknown[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** Reads CSV as the values that the schema of a row describes; a line of another length throws. */
export function readCsv(text: string, row: Schema, schemas: Schemas): unknown[] {
  const [columns = [], ...lines] = parse(text);
  return lines.map((cells) => {
    const value = {};
    columns.forEach((column, index) => put(value, column.split('.'), cells[index] ?? '', row));
    return value;
  });

  /** Puts what a cell says where its column says, such as `actor.name`; an empty one is a value that is absent. */
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
      return cell === '[]' ? [] : cell.split(' ').map((item) => valueOfText(item, items));
    }
    return schema.type === 'object' ? (JSON.parse(cell) as unknown) : valueOfText(cell, schema);
  }
}
