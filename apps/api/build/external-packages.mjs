/** Packages that are not in the bundle and must be installed. */
export const EXTERNAL_PACKAGES = [
  // With native code.
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  'better-sqlite3',
  // TypeORM loads it by a computed name, which esbuild cannot resolve. Of two copies, only one would have our number parser.
  'pg',
];
