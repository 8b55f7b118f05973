import { type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';

/** The class of a controller method's parameter with `@Body()`; `undefined` if it has none. */
export function bodyClass(controller: Type, method: string): Type | undefined {
  return parameterClass(controller, method, RouteParamtypes.BODY);
}

/** The class of a controller method's parameter with `@Query()`; `undefined` if it has none. */
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
