import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { type BodyFormat } from '../bodies/body-format.js';
import { type Representation } from './representations.js';

/** Exceptions of a route from content negotiation. */
export interface RouteRepresentation {
  /** The response has one type, regardless of `Accept`. */
  readonly isFixedType?: boolean;
  /** The query is not checked, for example because a page reads it in the browser. */
  readonly ignoresQuery?: boolean;
  /**
   * OAuth endpoint: it also accepts the client authentication of OAuth, and errors have the body that OAuth
   * requires (RFC 6749, section 5.2).
   */
  readonly isOAuth?: boolean;
  /** Responses never have a body, not even errors, as for a gateway. */
  readonly isBodyless?: boolean;
  readonly alsoAs?: readonly Representation[];
  /** Format of the request body instead of JSON. */
  readonly bodyAs?: BodyFormat;
}

/** Metadata key of {@link RepresentedAs}. */
export const REPRESENTATION_KEY = 'latchkey:representation';

/** Extension of OpenAPI operations set by {@link RepresentedAs}. */
export const REPRESENTATION_EXTENSION = 'x-representation';

/** States the exceptions of a route from content negotiation. */
export function RepresentedAs(representation: RouteRepresentation): MethodDecorator {
  // For guards, for the exception filter, which has only the request, and for the OpenAPI document.
  return applyDecorators(
    SetMetadata(REPRESENTATION_KEY, representation),
    RouteConfig({ representation }),
    ApiExtension(REPRESENTATION_EXTENSION, {
      isBodyless: representation.isBodyless === true,
      isFixedType: representation.isFixedType === true,
      isOAuth: representation.isOAuth === true,
      alsoAs: representation.alsoAs?.map(({ mediaType }) => mediaType) ?? [],
    }),
  );
}

export function routeRepresentation(request: FastifyRequest): RouteRepresentation {
  const config = request.routeOptions.config as { representation?: RouteRepresentation } | undefined;
  return config?.representation ?? {};
}

/** Returns the class of the `@Body()` parameter of a controller method; `undefined` if it has none. */
export function bodyClass(controller: Type, method: string): Type | undefined {
  return parameterClass(controller, method, RouteParamtypes.BODY);
}

/** Returns the class of the `@Query()` parameter of a controller method; `undefined` if it has none. */
export function queryClass(controller: Type, method: string): Type | undefined {
  return parameterClass(controller, method, RouteParamtypes.QUERY);
}

function parameterClass(controller: Type, method: string, kind: RouteParamtypes): Type | undefined {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
    string,
    { index: number }
  >;
  const found = Object.entries(parameters).find(([key]) => key.startsWith(`${kind}:`));
  const classes = Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) as
    Type[] | undefined;
  return found && (classes?.[found[1].index] ?? Object);
}
