import { type DataSource } from 'typeorm';

/**
 * Passes integers as parameters. On SQLite TypeORM writes them into the text of a statement, so each instant would create,
 * prepare and cache another statement.
 */
export function bindNumbers({ driver }: DataSource): void {
  const escape = driver.escapeQueryWithParameters.bind(driver);
  driver.escapeQueryWithParameters = (sql, parameters) =>
    escape(
      sql,
      Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          // The driver binds a `bigint` as an integer, but numbers beyond 32 bits as floats.
          Number.isSafeInteger(value) ? BigInt(value as number) : value,
        ]),
      ),
    );
}
