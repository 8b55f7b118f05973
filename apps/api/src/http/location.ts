import { type CallHandler, type ExecutionContext, UseInterceptors } from '@nestjs/common';
import { tap } from 'rxjs';
import { FIELDS } from '../common/request/header-fields.js';
import { replyOf } from '../common/request/principal.js';

/** Sends the path of the returned resource: its id or name in a collection. */
export const Location = <Key extends 'id' | 'name'>(collection: string, key: Key): MethodDecorator =>
  UseInterceptors({
    intercept: (context: ExecutionContext, next: CallHandler<Record<Key, string>>) =>
      next
        .handle()
        .pipe(
          tap(
            (resource) =>
              void replyOf(context).header(
                FIELDS.location,
                `${collection}/${encodeURIComponent(resource[key])}`,
              ),
          ),
        ),
  });
