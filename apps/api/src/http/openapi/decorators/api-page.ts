import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ROW_REPRESENTATIONS } from '../../lists/list-rows.js';
import { RepresentedAs } from '../../negotiation/route-representation.js';

/** Offers a list as pages, and as rows of a file, and documents both. */
export function ApiPage(item: Type): MethodDecorator {
  return applyDecorators(
    RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }),
    ApiExtraModels(item),
    ApiOkResponse({
      description: 'One page of the list, to whose others Link leads; or, as CSV or JSON lines, all of it.',
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
