import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** Documents that a route answers with a page of these items, a `PageDto`. */
export function ApiPage(item: Type): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(item),
    ApiOkResponse({
      description: 'One page of the list; Link leads to the others.',
      schema: {
        type: 'object',
        required: ['items', 'page', 'size', 'total'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          page: { type: 'integer', description: 'Number of this page, from 1.' },
          size: { type: 'integer', description: 'Most items on a page.' },
          total: { type: 'integer', description: 'Items on all pages.' },
        },
      },
    }),
  );
}
