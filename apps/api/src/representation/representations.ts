import { encode } from 'cborg';
import { stringify } from 'yaml';
import { encodeXml } from './encode-xml.js';

/** What an answer is; XML names its root by it. */
export type AnswerKind = 'response' | 'problem';

/** A media type that answers are written in. */
export interface Representation {
  /** Its name in `Accept`. */
  readonly mediaType: string;
  /** `Content-Type` of an answer. */
  readonly contentType: string;
  /** `Content-Type` of a problem (RFC 9457); YAML and CBOR have no problem type of their own. */
  readonly problemContentType: string;
  readonly encode: (value: unknown, kind: AnswerKind) => string | Buffer;
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
    encode: encodeXml,
  },
  {
    mediaType: 'application/yaml',
    contentType: 'application/yaml; charset=utf-8',
    problemContentType: 'application/yaml; charset=utf-8',
    // Quotes `no` and `on`, which readers of YAML 1.1 take for booleans.
    encode: (value) => stringify(value, { compat: 'yaml-1.1' }),
  },
  {
    mediaType: 'application/cbor',
    contentType: 'application/cbor',
    problemContentType: 'application/cbor',
    encode: (value) => Buffer.from(encode(value, { ignoreUndefinedProperties: true })),
  },
];
