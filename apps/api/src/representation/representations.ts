import { encode } from 'cborg';
import Builder from 'fast-xml-builder';
import { stringify } from 'yaml';

/** A media type that answers are written in. */
export interface Representation {
  /** Its name in `Accept`. */
  readonly mediaType: string;
  /** `Content-Type` of an answer. */
  readonly contentType: string;
  /** `Content-Type` of a problem (RFC 9457); YAML and CBOR have no problem type of their own. */
  readonly problemContentType: string;
  readonly encode: (value: unknown) => string | Buffer;
}

const xml = new Builder({ suppressEmptyNode: true });

/** XML 1.0 has no way to write these, not even as a reference. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function encodeXml(value: unknown, root: string): string {
  const plain = JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === 'string' ? member.replace(NOT_IN_XML, '\uFFFD') : member,
  ) as unknown;
  const element = Array.isArray(plain) ? { item: plain as unknown[] } : plain;
  return `<?xml version="1.0" encoding="UTF-8"?>${xml.build({ [root]: element })}`;
}

function isProblem(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'traceId' in value && 'code' in value;
}

/** JSON, the default; also what an error is written in when nothing acceptable can be found. */
export const JSON_REPRESENTATION: Representation = {
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  problemContentType: 'application/problem+json; charset=utf-8',
  encode: (value) => JSON.stringify(value),
};

/** What every negotiated route can be asked for. On equal wishes the earlier one wins. */
export const REPRESENTATIONS: readonly Representation[] = [
  JSON_REPRESENTATION,
  {
    mediaType: 'application/xml',
    contentType: 'application/xml; charset=utf-8',
    problemContentType: 'application/problem+xml; charset=utf-8',
    encode: (value) => encodeXml(value, isProblem(value) ? 'problem' : 'response'),
  },
  {
    mediaType: 'application/yaml',
    contentType: 'application/yaml; charset=utf-8',
    problemContentType: 'application/yaml; charset=utf-8',
    encode: (value) => stringify(value),
  },
  {
    mediaType: 'application/cbor',
    contentType: 'application/cbor',
    problemContentType: 'application/cbor',
    encode: (value) => Buffer.from(encode(value, { ignoreUndefinedProperties: true })),
  },
];
