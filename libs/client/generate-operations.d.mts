/** Returns the members of each query class of auth-models, sorted and joined, by their validators. */
export function queryClasses(
  models: object,
  validator: Pick<typeof import('class-validator'), 'getMetadataStorage'>,
): Record<string, string>;

/** Returns the text of `operations.ts`. */
export function generateOperations(document: object, classes: Record<string, string>): Promise<string>;
