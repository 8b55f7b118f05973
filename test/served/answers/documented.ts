import { Ajv2020 } from 'ajv/dist/2020.js';
import { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { decode } from 'cborg';
import { parse as parseYaml } from 'yaml';
import { CONSTANT_HEADERS } from '../../../apps/api/src/http/server/constant-headers.js';
import { readCsv, readLines, rowSchemaOf } from './read-rows.js';
import { readXml } from './read-xml.js';
import { type Constrained } from './boundaries.js';
import { resolved, type Schema, type Schemas } from './schema.js';

/** The parts of an OpenAPI operation that answers are compared with. */
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

/** The parts of an OpenAPI document that are looked at. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Schemas };
}

/** An answer as it was received. */
export interface Received {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
}

/** Header fields of every answer, which the document describes once for all, and those of the connection. */
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

/** An OpenAPI document that answers can be compared with. */
export class Documented {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly validators = new Map<object, ValidateFunction>();

  constructor(readonly document: ApiDocument) {
    formats(this.ajv);
    for (const schema of Object.values(document.components.schemas)) {
      // A member that the document does not know is as wrong as one that is missing.
      if ('properties' in schema && !('additionalProperties' in schema)) {
        Object.assign(schema, { additionalProperties: false });
      }
    }
    this.ajv.addSchema({ $id: 'api', components: document.components });
  }

  /** Every operation as `METHOD /path`. */
  get operations(): Map<string, Operation> {
    return new Map(
      Object.entries(this.document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(
          ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
        ),
      ),
    );
  }

  /** The names of the members of the bodies that an operation takes. */
  membersOf(operation: Operation): string[] {
    return Object.keys(this.bodyOf(operation).properties ?? {});
  }

  /** Schemas of the members of a body by path, such as `filter/q`, objects as well as what they hold. */
  memberSchemasOf(operation: Operation): Map<string, Constrained> {
    const { schemas } = this.document.components;
    const within = (schema: Schema, path: string): [string, Constrained][] =>
      Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
        const stated = resolved(member, schemas);
        return [[path + name, stated], ...within(stated, `${path}${name}/`)];
      });
    return new Map(within(this.bodyOf(operation), ''));
  }

  /** Whether a value is as a schema of the document says. */
  allows(schema: object, value: unknown): boolean {
    return this.validatorOf(schema)(value);
  }

  /** The members that a body has to have. */
  requiredOf(operation: Operation): string[] {
    return this.bodyOf(operation).required ?? [];
  }

  private bodyOf({ requestBody }: Operation): Schema {
    const { schema } = (requestBody?.content['application/json'] ?? {}) as { schema?: Schema };
    return resolved(schema, this.document.components.schemas);
  }

  /** Examples of members that are not as their own schemas say. */
  wrongExamples(): string[] {
    return Object.entries(this.document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties as Record<string, { example?: unknown }>)
        .filter(([, schema]) => schema.example !== undefined && !this.validatorOf(schema)(schema.example))
        .map(([member]) => `${name}.${member}`),
    );
  }

  /** What an answer has that the operation does not document; empty = nothing. */
  complaintsOf(operation: Operation, { status, headers, bytes }: Received): string[] {
    const response = operation.responses[String(status)];
    if (!response) {
      return [`status ${status} is not documented: ${new TextDecoder().decode(bytes).slice(0, 200)}`];
    }
    const { headers: stated = {} } = response;
    const documented = new Set(Object.keys(stated).map((name) => name.toLowerCase()));
    const undocumented = [...headers.keys()].filter(
      (name) => !documented.has(name) && !COMMON_HEADERS.has(name),
    );
    const missing = Object.keys(stated).filter((name) => stated[name]?.required && !headers.has(name));
    return [
      ...undocumented.map((name) => `header ${name} is not documented with ${status}`),
      ...missing.map((name) => `header ${name} is documented with ${status}, and is missing`),
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
      return content ? [`a body is documented with ${status}, and there is none`] : [];
    }
    const documented = content?.[mediaType];
    if (!documented) {
      return [`${mediaType} is not documented with ${status}`];
    }
    // That of a value is the same in each type; in types of rows the document has none of its own.
    const schema = content?.['application/json']?.schema ?? documented.schema ?? {};
    return this.readableComplaints(mediaType, bytes, schema).map(
      (complaint) => `${status} ${mediaType} ${complaint}`,
    );
  }

  private readableComplaints(mediaType: string, bytes: Uint8Array, schema: Schema): string[] {
    try {
      return this.valueComplaints(mediaType, bytes, schema);
    } catch (error) {
      return [`cannot be read: ${String(error)}`];
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
      case 'application/cbor':
        return this.complaintsAbout(decode(bytes), schema);
      case 'text/html':
      case 'text/plain':
        return this.complaintsAbout(text, { type: 'string' });
      default:
        return this.complaintsAbout(JSON.parse(text), schema);
    }
  }

  private rowComplaints(rows: readonly unknown[], schema: Schema): string[] {
    // Else there would be nothing to see here.
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
    let validator = this.validators.get(schema);
    if (!validator) {
      const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
      validator = this.ajv.compile(JSON.parse(text) as object);
      this.validators.set(schema, validator);
    }
    return validator;
  }
}
