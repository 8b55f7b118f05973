/** Packages that are not in the bundle, so that a run needs them installed. */
export const EXTERNAL_PACKAGES = [
  // With machine code, or files of their own.
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  'better-sqlite3',
  'swagger-ui-dist',
  // TypeORM asks for it by a name that it works out, past the bundle; what one copy is told another would not know.
  'pg',
];
