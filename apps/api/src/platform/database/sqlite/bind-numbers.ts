import { type DataSource } from 'typeorm';

/**
 * Makes whole numbers parameters of a statement, as everything else is. TypeORM writes them into the text on SQLite, so
 * that each instant made another text, prepared anew and kept.
 */
export function bindNumbers({ driver }: DataSource): void {
  const escape = driver.escapeQueryWithParameters.bind(driver);
  driver.escapeQueryWithParameters = (sql, parameters) =>
    escape(
      sql,
      Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          // The driver binds a `bigint` as the integer that it is, and larger numbers as fractions.
          Number.isSafeInteger(value) ? BigInt(value as number) : value,
        ]),
      ),
    );
}
