import { dump } from 'js-yaml';
import { type FastifyReply } from 'fastify';
import Builder from 'fast-xml-builder';

const builder = new Builder({ suppressEmptyNode: true, ignoreAttributes: false });

/** Characters that XML 1.0 cannot represent, not even as references. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Namespace of problems in XML (RFC 9457, appendix B). */
const PROBLEM_NAMESPACE = { '@_xmlns': 'urn:ietf:rfc:7807' };

/**
 * Encodes JSON as XML: one element per member, in a root element named after the kind of body. An array is an
 * element with one `<i>` per item (RFC 9457, appendix B), so that empty arrays and arrays of one item remain
 * arrays.
 */
export function encodeXml(json: string, kind: BodyKind): string {
  const plain = JSON.parse(json, (_, member: unknown) => toElement(member)) as object;
  const root = { [kind]: kind === 'problem' ? { ...PROBLEM_NAMESPACE, ...plain } : plain };
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(root)}`;
}

function toElement(member: unknown): unknown {
  if (Array.isArray(member)) {
    return { i: member as unknown[] };
  }
  return typeof member === 'string' ? member.replace(NOT_IN_XML, '\uFFFD') : member;
}

/**
 * Characters of JSON up to which YAML is written in block style, which takes 0.15 ms per kilobyte; JSON takes
 * 0.002.
 */
const YAML_BLOCK_MAX = 32_768;

/** Characters that YAML 1.1 parsers treat as line breaks, or reject unless they are escaped. */
const ESCAPED_IN_YAML = /[\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

/** Kind of a response body, which is the root element in XML. */
type BodyKind = 'response' | 'problem';

/** A media type of responses. */
export interface Representation {
  /** Name in `Accept`. */
  readonly mediaType: string;
  readonly contentType: string;
  /** `Content-Type` of a problem (RFC 9457); YAML has no problem type of its own. */
  readonly problemContentType: string;
  /** Encodes a response from JSON, so that dates are the same in every representation. */
  readonly encode: (json: string, kind: BodyKind) => string;
}

/** JSON, the default, also for errors when the client accepts none of the types. */
export const JSON_REPRESENTATION: Representation = {
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  problemContentType: 'application/problem+json; charset=utf-8',
  encode: (json) => json,
};

/** Representations of all negotiated routes. On equal weights the first one is used. */
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
    encode: encodeYaml,
  },
];

/**
 * Encodes YAML that parsers of 1.1 and 1.2 read alike: all strings are quoted, so that `=`, `no` or `1:30`
 * stay strings. Large responses are JSON, which is YAML 1.2 in flow style.
 */
function encodeYaml(json: string): string {
  return json.length > YAML_BLOCK_MAX
    ? json.replace(
        ESCAPED_IN_YAML,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : dump(JSON.parse(json), { noRefs: true, lineWidth: -1, forceQuotes: true, quoteStyle: 'double' });
}

/**
 * Characters of JSON up to which a response is encoded in another type; this takes 25 ms in XML. Larger
 * responses, such as the result of a bulk change of 8,000 users, are JSON regardless of `Accept` (RFC 9110,
 * section 12.4.1). The change has been made already, so 406 would be wrong.
 */
export const ENCODED_MAX = 524_288;

/** Encodes the body of a response in a representation, if it has a body, and sets `Content-Type`. */
export function encodeWith(reply: FastifyReply, representation: Representation, kind: BodyKind): void {
  reply.serializer((value: unknown) => {
    const json = JSON.stringify(value);
    const { encode, contentType, problemContentType } =
      json.length > ENCODED_MAX ? JSON_REPRESENTATION : representation;
    reply.type(kind === 'problem' ? problemContentType : contentType);
    return encode(json, kind);
  });
}

/**
 * Returns the representation with the highest weight (RFC 9110, section 12.5.1). On a tie it is the first one
 * of the list, regardless of the order in the header.
 *
 * @returns `undefined` if none is acceptable, or the header is malformed.
 */
export function negotiate(
  accept: string | undefined,
  representations: readonly Representation[],
): Representation | undefined {
  if (!accept || accept === '*/*') {
    return representations[0];
  }
  const weights = weightsOf(accept);
  let best: Representation | undefined;
  let bestWeight = 0;
  for (const representation of representations) {
    const weight = weightIn(weights, representation.mediaType);
    if (weight > bestWeight) {
      best = representation;
      bestWeight = weight;
    }
  }
  return best;
}

/** Returns the weight of the most specific range that matches a media type; 0 = not acceptable. */
function weightIn(weights: ReadonlyMap<string, number>, mediaType: string): number {
  const [type] = mediaType.split('/', 1);
  return weights.get(mediaType) ?? weights.get(`${type}/*`) ?? weights.get('*/*') ?? 0;
}

/**
 * Returns the weight of each media range. Parameters such as `charset` are ignored, as they are fixed here.
 */
function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  // Quoted strings are parameter values, and may contain commas.
  for (const part of accept.replace(/"[^"]*"/g, '').split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    weights.set(range, Math.max(weights.get(range) ?? 0, weightAmong(parameters)));
  }
  return weights;
}

function weightAmong(parameters: readonly string[]): number {
  const [, text] = parameters.map((parameter) => /^q\s*=\s*(.*)$/.exec(parameter)).find(Boolean) ?? [];
  const weight = Number.parseFloat(text ?? '1');
  return Number.isNaN(weight) ? 1 : Math.min(weight, 1);
}
