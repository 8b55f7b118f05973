import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { type BodyFormat } from '../bodies/body-format.js';
import { type Representation } from './representations.js';

/** How one route departs from ordinary negotiation. */
export interface RouteRepresentation {
  /** The answer has one type, whatever `Accept` says. */
  readonly isFixedType?: boolean;
  /** Parameters are the business of somebody else, such as of a page that reads them in the browser. */
  readonly ignoresQuery?: boolean;
  /** The answer never has a body, not even an error. */
  readonly isBodyless?: boolean;
  /** Types offered beside the usual ones. */
  readonly alsoAs?: readonly Representation[];
  /** What the body is written in, in place of JSON. */
  readonly bodyAs?: BodyFormat;
}

/** Metadata key of {@link RepresentedAs}. */
export const REPRESENTATION_KEY = 'latchkey:representation';

/** Extension of an OpenAPI operation that {@link RepresentedAs} leaves. */
export const REPRESENTATION_EXTENSION = 'x-representation';

/** States how a route departs from ordinary negotiation. */
export function RepresentedAs(representation: RouteRepresentation): MethodDecorator {
  // Guards see the handler's metadata, the exception filter the request with its route's configuration, and the
  // OpenAPI document what is left in it for `completeApiDocument`.
  return applyDecorators(
    SetMetadata(REPRESENTATION_KEY, representation),
    RouteConfig({ representation }),
    ApiExtension(REPRESENTATION_EXTENSION, {
      isBodyless: representation.isBodyless === true,
      isFixedType: representation.isFixedType === true,
      alsoAs: representation.alsoAs?.map(({ mediaType }) => mediaType) ?? [],
    }),
  );
}

/** How the route of a request departs from ordinary negotiation. */
export function routeRepresentation(request: FastifyRequest): RouteRepresentation {
  const config = request.routeOptions.config as { representation?: RouteRepresentation } | undefined;
  return config?.representation ?? {};
}
