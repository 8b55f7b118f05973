import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { replyOf, requestOf } from '../../common/request/principal.js';
import { ApiValidationPipe } from '../bodies/api-validation.pipe.js';
import { type BodyFormat, JSON_BODY, NO_BODY } from '../bodies/body-format.js';
import { type BodyShape, EMPTY_SHAPE, shapeOf } from '../bodies/body-shape.js';
import { checkQuery } from '../bodies/check-input.js';
import { hasBody, readBody, rejectLargeBody } from '../bodies/read-body.js';
import { SERVICE_DESC } from '../server/constant-headers.js';
import { evaluatesIfMatch, rejectIfMatch } from './if-match.js';
import {
  encodeWith,
  JSON_REPRESENTATION,
  negotiate,
  type Representation,
  REPRESENTATIONS,
} from './representations.js';
import {
  bodyClass,
  queryClass,
  REPRESENTATION_KEY,
  type RouteRepresentation,
} from './route-representation.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Representation of the response; absent on routes with one fixed type. */
    representation?: Representation;
    /** Throws what the guards would throw now; for responses that take long. */
    reauthorize?: () => Promise<void>;
  }
}

/**
 * Authorizes a request again when its body arrives slowly or its response takes long. Otherwise a slow client
 * would keep permissions that its user has lost meanwhile. Implemented by `auth`.
 */
export abstract class Reauthorization {
  /** @throws ApplicationError what the guards would throw now. */
  abstract reauthorize(context: ExecutionContext): Promise<void>;
}

interface Route {
  /** Representations of the response; `undefined` = one fixed type. */
  readonly offered: readonly Representation[] | undefined;
  readonly body: BodyFormat;
  /** Members and array items that the body may have. */
  readonly shape: BodyShape;
  /** Class of the query parameters; `undefined` if the route has none or ignores the query. */
  readonly query: Type | undefined;
  readonly ignoresQuery: boolean;
  readonly evaluatesIfMatch: boolean;
}

/**
 * Third and last global guard: negotiates the representation, checks query and `If-Match`, and reads the
 * body. So errors come in this order: 401, 403, 406, 400 for the query and `If-Match`, then 413, 415, 400 or
 * 422 for the body.
 */
@Injectable()
export class RepresentationGuard implements CanActivate {
  private readonly routes = new WeakMap<object, Route>();

  constructor(
    private readonly reauthorization: Reauthorization,
    private readonly validation: ApiValidationPipe,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const route = this.routeOf(context);
    const request = requestOf(context);
    if (route.offered) {
      setRepresentation(request, replyOf(context), route.offered);
      request.reauthorize = () => this.reauthorization.reauthorize(context);
    }
    if (route.query) {
      checkQuery(request.url);
    } else if (!route.ignoresQuery) {
      rejectQuery(request.url);
    }
    if (request.headers[FIELDS.ifMatch] !== undefined && !route.evaluatesIfMatch) {
      rejectIfMatch(request);
    }
    if (hasBody(request)) {
      return this.readBody(context, request, route);
    }
    rejectLargeBody(request, route.body);
    return true;
  }

  private async readBody(
    context: ExecutionContext,
    request: FastifyRequest,
    { query, body, shape }: Route,
  ): Promise<boolean> {
    if (query) {
      // The pipe repeats this, but only after the body has been read.
      await this.validation.transform(request.query, { type: 'query', metatype: query });
    }
    rejectLargeBody(request, body);
    await readBody(request, body, shape);
    // The body may have arrived slowly.
    await this.reauthorization.reauthorize(context);
    return true;
  }

  private routeOf(context: ExecutionContext): Route {
    const handler = context.getHandler();
    let route = this.routes.get(handler);
    if (!route) {
      const stated = Reflect.getMetadata(REPRESENTATION_KEY, handler) as RouteRepresentation | undefined;
      const isFixed = stated?.isFixedType === true || stated?.isBodyless === true;
      const body = bodyClass(context.getClass(), handler.name);
      route = {
        offered: isFixed ? undefined : [...REPRESENTATIONS, ...(stated?.alsoAs ?? [])],
        body: body ? (stated?.bodyAs ?? JSON_BODY) : NO_BODY,
        shape: body ? shapeOf(body as Type<object>) : EMPTY_SHAPE,
        query: queryClass(context.getClass(), handler.name),
        ignoresQuery: stated?.ignoresQuery === true,
        evaluatesIfMatch: evaluatesIfMatch(handler),
      };
      this.routes.set(handler, route);
    }
    return route;
  }
}

function rejectQuery(url: string): void {
  if (/\?./.test(url)) {
    throw new ApplicationError('invalid_parameter', { detail: 'This route has no query parameters.' });
  }
}

function setRepresentation(
  request: FastifyRequest,
  reply: FastifyReply,
  offered: readonly Representation[],
): void {
  const representation = negotiate(request.headers.accept, offered);
  if (!representation) {
    const mediaTypes = offered.map(({ mediaType }) => mediaType).join(', ');
    throw new ApplicationError('not_acceptable', {
      detail: `Available media types: ${mediaTypes}. Send one of them in Accept.`,
    });
  }
  request.representation = representation;
  reply.header(FIELDS.link, SERVICE_DESC);
  if (representation !== JSON_REPRESENTATION) {
    encodeWith(reply, representation, 'response');
  }
}
