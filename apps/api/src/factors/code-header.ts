import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { HEADERS } from '@latchkey/auth-models';
import { ApiHeader } from '@nestjs/swagger';
import { FIELDS } from '../common/request/header-fields.js';
import { requestOf } from '../common/request/principal.js';

/** Injects the code of a second factor; `undefined` if there is none. */
export const Code = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    requestOf(context).headers[FIELDS.xAuthOtp] as string | undefined,
);

/** Documents the code of a second factor. */
export const ApiCode = ({ required = false } = {}): MethodDecorator =>
  ApiHeader({
    name: HEADERS.xAuthOtp,
    required,
    description:
      'Current code of an authenticator app, or a recovery code. Required if the user has a second factor. Each code works once.',
    schema: { type: 'string', example: '123456' },
  });
