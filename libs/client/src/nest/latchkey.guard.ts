import { type IncomingMessage } from 'node:http';
import { type CanActivate, type ExecutionContext, HttpException, Inject, Injectable } from '@nestjs/common';
import { authenticate, type RoutedRequest, routeOf } from '../verifier/guard-request.js';
import { closedRoute, VerificationError } from '../verifier/verification-error.js';
import { type Verifier } from '../verifier/verifier.js';
import { policyOf, type RequestWithPrincipal } from './policy.js';

/** Injection token of the {@link Verifier}. */
export const LATCHKEY_VERIFIER = Symbol('LATCHKEY_VERIFIER');

/** Request of Express or Fastify. */
type HttpRequest = RequestWithPrincipal &
  RoutedRequest &
  Pick<IncomingMessage, 'headers' | 'socket' | 'method'> & {
    /** Only with Fastify. */
    routeOptions?: { url?: string | undefined };
    rawHeaders?: string[];
    raw?: IncomingMessage;
    ip?: string;
  };

/** Response of Express or Fastify. */
interface HttpResponse {
  header(name: string, value: string): unknown;
  /** Sends a body with Fastify. */
  send(body: unknown): unknown;
  /** Sends a body with Express. */
  json?(body: unknown): unknown;
}

/** Global guard: verifies the token that a route requires. Routes without a policy are closed. */
@Injectable()
export class LatchkeyGuard implements CanActivate {
  constructor(@Inject(LATCHKEY_VERIFIER) private readonly verifier: Verifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = policyOf(context);
    if (policy === 'public') {
      return true;
    }
    // Other transports have no header fields.
    if (context.getType() !== 'http') {
      return false;
    }
    try {
      if (!policy) {
        throw closedRoute();
      }
      const request = context.switchToHttp().getRequest<HttpRequest>();
      const { headers, socket, ip, method, routeOptions } = request;
      const { rawHeaders = [] } = request.raw ?? request;
      request.principal = await authenticate(
        this.verifier,
        { headers, rawHeaders, socket, address: ip, method, route: routeOptions?.url ?? routeOf(request) },
        policy,
      );
      return true;
    } catch (error) {
      throw error instanceof VerificationError
        ? exceptionFor(error, context, this.verifier.publicUrl)
        : error;
    }
  }
}

/** Sets the header fields of the response and returns an exception with its body. */
function exceptionFor(
  error: VerificationError,
  context: ExecutionContext,
  publicUrl: string | undefined,
): HttpException {
  const { status, headers, body } = error.toResponse(publicUrl);
  const { 'content-type': mediaType = '', ...others } = headers;
  const response = context.switchToHttp().getResponse<HttpResponse>();
  for (const [name, value] of Object.entries(others)) {
    response.header(name, value);
  }
  setMediaTypeOf(body, mediaType, response);
  return new HttpException(body, status, { cause: error });
}

/**
 * Sets the media type when Nest sends the body, but not if an exception filter of the application sends
 * another body. Nest 11.2 replaces a media type that is set earlier, and logs a warning for each response.
 */
function setMediaTypeOf(body: object, mediaType: string, response: HttpResponse): void {
  const method = response.json ? 'json' : 'send';
  const send = response[method]?.bind(response);
  response[method] = (sent: unknown) => {
    if (sent === body) {
      response.header('content-type', mediaType);
    }
    return send?.(sent);
  };
}
