/** Packages that are not in the bundle and must be installed. */
export const EXTERNAL_PACKAGES = [
  // With native code.
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  // Of these two, only the one that Node can load is installed. apps/api/sqlite/driver.cjs chooses.
  '@latchkey/sqlite-node20',
  'better-sqlite3',
  // TypeORM loads it by a computed name, which esbuild cannot resolve. Of two copies, only one would have our
  // number parser.
  'pg',
];
