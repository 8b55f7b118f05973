import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { Confirmations } from '../common/confirmations.js';
import { replyOf, requestOf } from '../common/http-context.js';
import { JSON_BODY, type BodyFormat } from './body-format.js';
import { checkQuery } from './check-query.js';
import { encodeWith } from './encode-with.js';
import { checkIfMatch } from './if-match.js';
import { readBody, refuseLargeBody } from './read-body.js';
import { negotiate } from './negotiate.js';
import { JSON_REPRESENTATION, REPRESENTATIONS, type Representation } from './representations.js';
import { REPRESENTATION_KEY, type RouteRepresentation } from './route-representation.js';
import { takesBody, takesQuery } from './route-parameters.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the answer is written in; absent on routes with one fixed type. */
    representation?: Representation;
  }
}

interface Route {
  /** What the route offers; `undefined` = one fixed type. */
  readonly offered: readonly Representation[] | undefined;
  readonly body: BodyFormat;
  readonly takesBody: boolean;
  /** Whether parameters are read, refused, or none of our business. */
  readonly query: 'read' | 'none' | 'ignored';
}

/**
 * Can this request be read, and answered in a type its caller accepts? The last of the global guards, so that 401 and
 * 403 win over 406, and all of them over what is wrong with the body.
 */
@Injectable()
export class RepresentationGuard implements CanActivate {
  private readonly routes = new WeakMap<object, Route>();

  constructor(private readonly confirmations: Confirmations) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const route = this.routeOf(context);
    const request = requestOf(context);
    if (route.offered) {
      represent(request, replyOf(context), route.offered);
    }
    checkIfMatch(context.getHandler(), request);
    refuseLargeBody(request, route.body);
    if (route.query === 'none') {
      refuseQuery(request.url);
    } else if (route.query === 'read') {
      checkQuery(request.url);
    }
    return route.takesBody ? this.readBody(context, request, route.body) : true;
  }

  private async readBody(
    context: ExecutionContext,
    request: FastifyRequest,
    format: BodyFormat,
  ): Promise<boolean> {
    if (await readBody(request, format)) {
      // Whoever sent it slowly may not be let in any more.
      await this.confirmations.confirm(context);
    }
    return true;
  }

  private routeOf(context: ExecutionContext): Route {
    const handler = context.getHandler();
    let route = this.routes.get(handler);
    if (!route) {
      const stated = Reflect.getMetadata(REPRESENTATION_KEY, handler) as RouteRepresentation | undefined;
      const isFixed = stated?.isFixedType === true || stated?.isBodyless === true;
      const hasBody = takesBody(context.getClass(), handler.name);
      const hasQuery = takesQuery(context.getClass(), handler.name);
      route = {
        offered: isFixed ? undefined : [...REPRESENTATIONS, ...(stated?.alsoAs ?? [])],
        body: stated?.bodyAs ?? JSON_BODY,
        takesBody: hasBody,
        query: hasQuery ? 'read' : stated?.ignoresQuery ? 'ignored' : 'none',
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
