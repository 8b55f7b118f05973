/** Maximum rows in a batch of an import, which is one request and one transaction. */
export const IMPORT_ROWS_MAX = 200;
