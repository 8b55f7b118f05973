/** Entry points in `examples`. */
export const EXAMPLES: Readonly<
  Record<'express' | 'fastify' | 'nest' | 'flask' | 'fastapi' | 'django', string>
>;

/** Python of the system, for which Debian has the frameworks. */
export const PYTHON: string;

/** Environment in which Python finds the client of this repository, and writes nothing beside it. */
export const PYTHON_ENVIRONMENT: Readonly<Record<string, string>>;

/** Example that can be started. */
export interface BuiltExample {
  /** Folder to remove at the end. */
  folder: string;
  program: string;
  script: string;
  environment: Readonly<Record<string, string>>;
}

/**
 * Builds an example with the client library of this repository, into a folder in which it finds its
 * framework. Those in Python need no build.
 */
export function buildExample(example: keyof typeof EXAMPLES): Promise<BuiltExample>;
