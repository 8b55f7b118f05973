import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from '@jest/globals';
import { MAIN, serverOn, ServerProcess } from './server-process.js';
import { createTestDatabase } from './test-database.js';

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

/** Reads the OpenAPI document of the built server before the tests of a file. */
export function useApiDocument() {
  let document: ApiDocument;

  beforeAll(async () => {
    document = await readBuiltDocument();
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

/**
 * Returns the OpenAPI document of the build. Only the build adds the classes of `libs/auth-models`. The first
 * test file fetches it from a server, and stores it in the folder of the prepared API.
 */
export async function readBuiltDocument<Document = ApiDocument>(): Promise<Document> {
  // The names of the other scripts of the build contain their hashes.
  const build = createHash('sha256').update(readFileSync(MAIN)).digest('hex').slice(0, 16);
  const path = join(process.env.LATCHKEYTEST_API ?? '', `openapi-${build}.json`);
  if (!existsSync(path)) {
    const file = `${path}.${process.pid}`;
    writeFileSync(file, JSON.stringify(await fetchDocument()));
    renameSync(file, path);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Document;
}

async function fetchDocument(): Promise<unknown> {
  const database = await createTestDatabase();
  let server: ServerProcess | undefined;
  try {
    server = await ServerProcess.start(serverOn(database));
    return (await server.client.request('GET', '/openapi.json')).body;
  } finally {
    await server?.kill();
    await database.drop();
  }
}
