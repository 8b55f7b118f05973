/** Names what Redocly's recommended rules, all of them as errors, find in an OpenAPI document. */
export function lintApiDocument(document: object): Promise<string[]>;
