/** Returns the violations of Redocly's recommended rules in an OpenAPI document. */
export function lintApiDocument(document: object): Promise<string[]>;
