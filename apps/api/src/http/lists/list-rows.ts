import { JSON_REPRESENTATION, type Representation } from '../negotiation/representations.js';

export type Row = Record<string, unknown>;

/** A media type for whole lists, one row after the other. */
export interface RowRepresentation extends Representation {
  /** Returns the text before the first row. */
  readonly head: (columns: readonly string[]) => string;
  /** Returns the text of some rows. */
  readonly rows: (rows: readonly Row[], columns: readonly string[]) => string;
}

/** An empty array in CSV, where an empty cell is an absent value. */
const EMPTY_ARRAY = '[]';

/** Start of a formula in a spreadsheet, including full-width characters. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * A semicolon before the start of a formula. In locales with decimal commas, spreadsheets split lines at
 * semicolons, and drop quotes and spaces at the start of the cell that follows.
 */
const FORMULA_AFTER_SEMICOLON = /;(?=["\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** Characters that require quotes around a cell. In some locales, spreadsheets split lines at semicolons. */
const NEEDS_QUOTES = /[",;\r\n]/;

/** Comma-separated values (RFC 4180) with a header line. No cell starts a formula in a spreadsheet. */
export const CSV: RowRepresentation = {
  ...JSON_REPRESENTATION,
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  head: (columns) => toLine(columns),
  rows: (rows, columns) => {
    const paths = columns.map((column) => column.split('.'));
    return rows.map((row) => toLine(paths.map((path) => textOf(valueAt(row, path))))).join('');
  },
};

/** One JSON value per line. */
export const NDJSON: RowRepresentation = {
  ...JSON_REPRESENTATION,
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  head: () => '',
  rows: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
};

/** Additional media types of lists. */
export const ROW_REPRESENTATIONS: readonly RowRepresentation[] = [CSV, NDJSON];

/** Returns the value of a member, or of a nested one such as `['actor', 'name']`. */
function valueAt(row: Row, path: readonly string[]): unknown {
  let value: unknown = row;
  for (const member of path) {
    value = (value as Row | undefined)?.[member];
  }
  return value;
}

function toLine(texts: readonly string[]): string {
  return `${texts.map(toCell).join(',')}\r\n`;
}

/** Returns a text as a cell, quoted if necessary, with a `'` before each formula. */
function toCell(text: string): string {
  const isQuoted = NEEDS_QUOTES.test(text);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return isQuoted ? `"${safe.replace(FORMULA_AFTER_SEMICOLON, ";'").replaceAll('"', '""')}"` : safe;
}

/**
 * Returns the text of a value: strings unchanged, lists of strings joined by spaces, `[]` for empty lists, an
 * empty text for absent values, and JSON for all others.
 */
function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (Array.isArray(value)) {
    if (value.some((item) => typeof item === 'object')) {
      return JSON.stringify(value);
    }
    return value.length === 0 ? EMPTY_ARRAY : value.join(' ');
  }
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
