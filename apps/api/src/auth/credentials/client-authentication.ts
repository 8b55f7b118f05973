import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { EMPTY_SHAPE } from '../../http/bodies/body-shape.js';
import { JSON_BODY } from '../../http/bodies/body-format.js';
import { acceptedMediaType, hasBody, readBody, rejectLargeBody } from '../../http/bodies/read-body.js';
import { routeRepresentation } from '../../http/negotiation/route-representation.js';
import { isTokenSecret } from '../../platform/crypto/secrets.js';
import { basicHint } from './credential-hints.js';
import { decodeBasic, encodePair } from './decode-pair.js';

/**
 * Turns the client authentication of OAuth (RFC 6749, section 2.3.1) into `X-Auth-Token`: the client id is
 * the name of the user, and the client secret is a token of this user. Reads the form if no header has
 * credentials.
 *
 * @throws ApplicationError `unauthenticated` if the secret does not have the form of a token, such as a
 *   password, `ambiguous_credentials` if there are two kinds of authentication, or what reading the body
 *   throws.
 */
export async function readClientAuthentication(request: FastifyRequest): Promise<void> {
  const { headers } = request.raw;
  const { authorization } = headers;
  if (/^basic\b/i.test(authorization ?? '')) {
    request.clientAuthentication = 'client_secret_basic';
    if (headers[FIELDS.xAuthToken] !== undefined) {
      throw twoKinds();
    }
    headers[FIELDS.xAuthToken] = fromBasic(authorization);
    delete headers.authorization;
    return;
  }
  const { bodyAs: format = JSON_BODY } = routeRepresentation(request);
  const isWithoutHeader = authorization === undefined && headers[FIELDS.xAuthToken] === undefined;
  if (isWithoutHeader && hasBody(request) && acceptedMediaType(request, format)) {
    rejectLargeBody(request, format);
    await readBody(request, format, EMPTY_SHAPE);
    const { client_id: id, client_secret: secret } = formOf(request);
    if (secret !== undefined) {
      request.clientAuthentication = 'client_secret_post';
      headers[FIELDS.xAuthToken] = xAuthTokenOf(id ?? '', secret);
    }
  }
}

/**
 * Checks that the form of an OAuth request has no credentials if a header has some.
 *
 * @throws ApplicationError `ambiguous_credentials`.
 */
export function rejectSecondAuthentication(request: FastifyRequest): void {
  if (request.clientAuthentication !== 'client_secret_post' && formOf(request).client_secret !== undefined) {
    throw twoKinds();
  }
}

function formOf({ body }: FastifyRequest): { client_id?: string; client_secret?: string } {
  return body ?? {};
}

function fromBasic(authorization: string | undefined): string {
  const pair = decodeBasic(authorization);
  if (!pair) {
    throw new ApplicationError('unauthenticated', {
      rejectionCause: 'malformed_credentials',
      detail: basicHint(authorization),
    });
  }
  return xAuthTokenOf(percentDecode(pair.name), percentDecode(pair.secret));
}

function xAuthTokenOf(id: string, secret: string): string {
  if (id === '' || !isTokenSecret(secret)) {
    throw new ApplicationError('unauthenticated', {
      rejectionCause: 'malformed_credentials',
      detail: 'Send the name of a user as the client id, and a token of this user as the client secret.',
    });
  }
  return encodePair(id, secret);
}

/**
 * Decodes a form value, except `+`: a user name may contain it, and clients such as curl do not encode. No
 * name and no token contains a space, so no encoder produces `+`.
 */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function twoKinds(): ApplicationError {
  return new ApplicationError('ambiguous_credentials', {
    detail:
      'The request has two kinds of client authentication. Send one: Authorization: Basic, client_id with client_secret, X-Auth-Token, or Authorization: Bearer.',
  });
}
