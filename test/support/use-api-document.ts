import { beforeAll } from '@jest/globals';
import { useServerProcess } from './use-server-process.js';

/** Parts of a schema that the tests use. */
export interface Schema {
  type?: string;
  enum?: string[];
  required?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  [constraint: string]: unknown;
}

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  security?: Record<string, string[]>[];
  responses: Record<string, { content?: Record<string, unknown>; headers?: Record<string, object> }>;
  parameters?: { in: string; name: string; description?: string; required?: boolean; schema?: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: { $ref: string } }> };
  'x-required-permissions'?: string[];
}

interface ApiDocument {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
}

/** Fetches the OpenAPI document from the built server before the tests of a file. */
export function useApiDocument() {
  const server = useServerProcess();
  let document: ApiDocument;

  beforeAll(async () => {
    document = (await server.client.request<ApiDocument>('GET', '/openapi.json')).body;
  });

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        route: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    );

  return {
    get document() {
      return document;
    },
    operations,
    /** Returns the operation with a method and path. */
    operationOf: (route: string) => operations().find((operation) => operation.route === route)?.operation,
    schemaOf: (name: string) => document.components.schemas[name] ?? {},
  };
}
