import { Ajv2020 } from 'ajv/dist/2020.js';
import { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse as parseYaml } from 'yaml';
import { CONSTANT_HEADERS } from '../../../apps/api/src/http/server/constant-headers.js';
import { type ReceivedResponse } from '../../support/api-client.js';
import { readBuiltDocument } from '../../support/use-api-document.js';
import { type Constrained } from './boundaries.js';
import {
  readCsv,
  readLines,
  readXml,
  resolved,
  rowSchemaOf,
  type Schema,
  type Schemas,
} from './read-response.js';

/** Parts of an OpenAPI operation that responses are compared with. */
export interface Operation {
  security?: object[];
  parameters?: { in: string; name: string; required?: boolean; schema?: Constrained }[];
  requestBody?: { required?: boolean; content: Record<string, unknown> };
  responses: Record<string, DocumentedResponse | undefined>;
  'x-required-permissions'?: string[];
}

interface DocumentedResponse {
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, { schema?: Schema }>;
}

/** Parts of an OpenAPI document that the tests use. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Schemas };
}

/**
 * Header fields of every response, which the document describes in one place, and those of the connection.
 */
const COMMON_HEADERS = new Set([
  ...Object.keys(CONSTANT_HEADERS),
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

const formats = addFormats as unknown as (ajv: Ajv2020) => void;

/** Returns the path of a request to a route, with a value for its parameter. */
export function withPathParameter(route: string, value: string): string {
  return route.split(' ')[1]!.replace(/\{\w+\}/, encodeURIComponent(value));
}

/** Compares responses with an OpenAPI document. */
export class DocumentedApi {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, code: { optimize: false } });
  /** Validators by the text of their schema. The media types of a response have the same one. */
  private readonly validators = new Map<string, ValidateFunction>();
  /** Operations by `METHOD /path`. */
  readonly operations: ReadonlyMap<string, Operation>;

  /** Reads the document of the build. */
  static async ofBuild(): Promise<DocumentedApi> {
    return new DocumentedApi(await readBuiltDocument<ApiDocument>());
  }

  constructor(readonly document: ApiDocument) {
    formats(this.ajv);
    for (const schema of Object.values(document.components.schemas)) {
      // Undocumented members are errors.
      if ('properties' in schema && !('additionalProperties' in schema)) {
        Object.assign(schema, { additionalProperties: false });
      }
    }
    this.ajv.addSchema({ $id: 'api', components: document.components });
    this.operations = new Map(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(
          ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
        ),
      ),
    );
  }

  /** Returns the names of the members of an operation's request body. */
  membersOf(operation: Operation): string[] {
    return Object.keys(this.bodyOf(operation).properties ?? {});
  }

  /** Returns the schemas of the members of a request body by path, such as `filter/q`. */
  memberSchemasOf(operation: Operation): Map<string, Constrained> {
    const { schemas } = this.document.components;
    const within = (schema: Schema, path: string): [string, Constrained][] =>
      Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
        const target = resolved(member, schemas);
        return [[path + name, target], ...within(target, `${path}${name}/`)];
      });
    return new Map(within(this.bodyOf(operation), ''));
  }

  /** Whether a value matches a schema of the document. */
  allows(schema: object, value: unknown): boolean {
    return this.validatorOf(schema)(value);
  }

  /** Returns the required members of a request body. */
  requiredOf(operation: Operation): string[] {
    return this.bodyOf(operation).required ?? [];
  }

  private bodyOf({ requestBody }: Operation): Schema {
    const { schema } = (requestBody?.content['application/json'] ?? {}) as { schema?: Schema };
    return resolved(schema, this.document.components.schemas);
  }

  /** Returns the members whose examples do not match their schemas. */
  invalidExamples(): string[] {
    return Object.entries(this.document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties as Record<string, { example?: unknown }>)
        .filter(([, schema]) => schema.example !== undefined && !this.validatorOf(schema)(schema.example))
        .map(([member]) => `${name}.${member}`),
    );
  }

  /** Returns the differences between a response and the documentation of its operation. */
  complaintsOf(operation: Operation, { status, headers, bytes }: ReceivedResponse): string[] {
    const response = operation.responses[String(status)];
    if (!response) {
      return [`status ${status} is not documented: ${new TextDecoder().decode(bytes).slice(0, 200)}`];
    }
    const { headers: described = {} } = response;
    const documented = new Set(Object.keys(described).map((name) => name.toLowerCase()));
    const undocumented = [...headers.keys()].filter(
      (name) => !documented.has(name) && !COMMON_HEADERS.has(name),
    );
    const missing = Object.keys(described).filter((name) => described[name]?.required && !headers.has(name));
    return [
      ...undocumented.map((name) => `header ${name} is not documented with ${status}`),
      ...missing.map((name) => `header ${name} is documented with ${status}, but missing`),
      ...this.bodyComplaints(response, status, headers, bytes),
    ];
  }

  private bodyComplaints(
    { content }: DocumentedResponse,
    status: number,
    headers: Headers,
    bytes: Uint8Array,
  ): string[] {
    const mediaType = headers.get('content-type')?.split(';', 1)[0] ?? '';
    if (bytes.length === 0) {
      return content ? [`a body is documented with ${status}, but missing`] : [];
    }
    const documented = content?.[mediaType];
    if (!documented) {
      return [`${mediaType} is not documented with ${status}`];
    }
    // Each media type represents the same value. Media types of rows have no schema of their own.
    const schema = content?.['application/json']?.schema ?? documented.schema ?? {};
    return this.parsedComplaints(mediaType, bytes, schema).map(
      (complaint) => `${status} ${mediaType} ${complaint}`,
    );
  }

  private parsedComplaints(mediaType: string, bytes: Uint8Array, schema: Schema): string[] {
    try {
      return this.valueComplaints(mediaType, bytes, schema);
    } catch (error) {
      return [`cannot be parsed: ${String(error)}`];
    }
  }

  private valueComplaints(mediaType: string, bytes: Uint8Array, schema: Schema): string[] {
    const { schemas } = this.document.components;
    const text = new TextDecoder().decode(bytes);
    const row = rowSchemaOf(schema, schemas);
    switch (mediaType) {
      case 'text/csv':
        return this.rowComplaints(readCsv(text, row, schemas), row);
      case 'application/x-ndjson':
        return this.rowComplaints(readLines(text), row);
      case 'application/xml':
        return this.complaintsAbout(readXml(text, 'response', schema, schemas), schema);
      case 'application/problem+xml':
        return this.complaintsAbout(readXml(text, 'problem', schema, schemas), schema);
      case 'application/yaml':
        return this.complaintsAbout(parseYaml(text), schema);
      case 'text/html':
      case 'text/plain':
      case 'text/event-stream':
        return this.complaintsAbout(text, { type: 'string' });
      default:
        return this.complaintsAbout(JSON.parse(text), schema);
    }
  }

  private rowComplaints(rows: readonly unknown[], schema: Schema): string[] {
    // Without rows the test would check nothing.
    return rows.length === 0 ? ['has no rows'] : rows.flatMap((row) => this.complaintsAbout(row, schema));
  }

  private complaintsAbout(value: unknown, schema: Schema): string[] {
    const validate = this.validatorOf(schema);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
        );
  }

  private validatorOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
    let validator = this.validators.get(text);
    if (!validator) {
      validator = this.ajv.compile(JSON.parse(text) as object);
      this.validators.set(text, validator);
    }
    return validator;
  }
}
