/** Returns the violations of OpenAPI 3.1 and JSON Schema in an OpenAPI document. */
export function lintApiDocument(document: object): Promise<string[]>;
