/** Entry points in `examples`. */
export const EXAMPLES: Readonly<Record<'express' | 'fastify' | 'nest', string>>;

/**
 * Builds an example with the client library of this repository, into a folder in which it finds its
 * framework.
 */
export function buildExample(example: keyof typeof EXAMPLES): Promise<{ folder: string; script: string }>;
