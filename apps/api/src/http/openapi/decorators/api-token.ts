import { applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** Documents that a route takes a token, by either of its headers. */
export function ApiToken(): ClassDecorator & MethodDecorator {
  return applyDecorators(ApiSecurity('token'), ApiSecurity('bearer'));
}
