import { type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';

/** Whether a controller's method has a parameter with `@Body()`. */
export function takesBody(controller: Type, method: string): boolean {
  return hasParameter(controller, method, RouteParamtypes.BODY);
}

/** Whether a controller's method has a parameter with `@Query()`. */
export function takesQuery(controller: Type, method: string): boolean {
  return hasParameter(controller, method, RouteParamtypes.QUERY);
}

function hasParameter(controller: Type, method: string, kind: RouteParamtypes): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
    string,
    unknown
  >;
  return Object.keys(parameters).some((key) => key.startsWith(`${kind}:`));
}
