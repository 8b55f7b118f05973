import { Injectable, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Confirmations } from '../../common/confirmations.js';
import { replyOf, requestOf } from '../../common/request/http-context.js';
import { ApiValidationPipe } from '../bodies/api-validation.pipe.js';
import { JSON_BODY, NO_BODY, type BodyFormat } from '../bodies/body-format.js';
import { VALUES_MAX } from '../bodies/check-plain-json.js';
import { checkQuery } from '../bodies/check-query.js';
import { encodeWith } from './encode-with.js';
import { checkIfMatch } from './if-match.js';
import { arrayItemsMax } from '../bodies/member-failures.js';
import { hasBody, readBody, refuseLargeBody } from '../bodies/read-body.js';
import { negotiate } from './negotiate.js';
import { JSON_REPRESENTATION, REPRESENTATIONS, type Representation } from './representations.js';
import { REPRESENTATION_KEY, type RouteRepresentation } from './route-representation.js';
import { bodyClass, queryClass } from './route-parameters.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the answer is written in; absent on routes with one fixed type. */
    representation?: Representation;
    /** Throws what the guards would throw now; for answers that take long. */
    confirm?: () => Promise<void>;
  }
}

interface Route {
  /** What the route offers; `undefined` = one fixed type. */
  readonly offered: readonly Representation[] | undefined;
  readonly body: BodyFormat;
  /** Members and array items that the body may have. */
  readonly valuesMax: number;
  /** The class of the parameters; `undefined` if there are none, or they are none of our business. */
  readonly query: Type | undefined;
  readonly ignoresQuery: boolean;
}

/**
 * Can this request be read, and answered in a type its caller accepts? The last of the global guards, so that errors
 * come in this order: 401, 403, 406, 400 for the parameters and If-Match, and then 413, 415, 400 or 422 for the body.
 */
@Injectable()
export class RepresentationGuard implements CanActivate {
  private readonly routes = new WeakMap<object, Route>();

  constructor(
    private readonly confirmations: Confirmations,
    private readonly validation: ApiValidationPipe,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const route = this.routeOf(context);
    const request = requestOf(context);
    if (route.offered) {
      represent(request, replyOf(context), route.offered);
      request.confirm = () => this.confirmations.confirm(context);
    }
    if (route.query) {
      checkQuery(request.url);
    } else if (!route.ignoresQuery) {
      refuseQuery(request.url);
    }
    checkIfMatch(context.getHandler(), request);
    if (hasBody(request)) {
      return this.readBody(context, request, route);
    }
    refuseLargeBody(request, route.body);
    return true;
  }

  private async readBody(
    context: ExecutionContext,
    request: FastifyRequest,
    { query, body, valuesMax }: Route,
  ): Promise<boolean> {
    if (query) {
      // The pipe does this once more, but only after the body.
      await this.validation.transform(request.query, { type: 'query', metatype: query });
    }
    refuseLargeBody(request, body);
    await readBody(request, body, valuesMax);
    // Whoever sent it slowly may not be let in any more.
    await this.confirmations.confirm(context);
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
        valuesMax: VALUES_MAX + (body ? arrayItemsMax(body) : 0),
        query: queryClass(context.getClass(), handler.name),
        ignoresQuery: stated?.ignoresQuery === true,
      };
      this.routes.set(handler, route);
    }
    return route;
  }
}

function refuseQuery(url: string): void {
  if (/\?./.test(url)) {
    throw new ApplicationError('invalid_parameter', { detail: 'There are no parameters here.' });
  }
}

function represent(request: FastifyRequest, reply: FastifyReply, offered: readonly Representation[]): void {
  const representation = negotiate(request.headers.accept, offered);
  if (!representation) {
    const mediaTypes = offered.map(({ mediaType }) => mediaType).join(', ');
    throw new ApplicationError('not_acceptable', {
      detail: `This can be served as ${mediaTypes}; ask for one in Accept.`,
    });
  }
  request.representation = representation;
  if (representation !== JSON_REPRESENTATION) {
    encodeWith(reply, representation, 'response');
  }
}
