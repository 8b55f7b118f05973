import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ROW_REPRESENTATIONS } from '../../lists/list-rows.js';
import { RepresentedAs } from '../../negotiation/route-representation.js';

/** Offers a list as pages that are read on by cursor, and as rows of a file, and documents both. */
export function ApiCursorPage(item: Type): MethodDecorator {
  return applyDecorators(
    RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }),
    ApiExtraModels(item),
    ApiOkResponse({
      description:
        'One page of the list, to whose next one Link leads if there is more; or, as CSV or JSON lines, all of it.',
      schema: {
        type: 'object',
        required: ['items', 'size'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          size: { type: 'integer', description: 'Most items on a page.' },
        },
      },
    }),
  );
}
