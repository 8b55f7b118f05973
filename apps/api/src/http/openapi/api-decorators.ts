import {
  ApiExtraModels,
  ApiOkResponse,
  type ApiResponseSchemaHost,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import { BulkResultDto } from '@latchkey/auth-models';
import { applyDecorators, type Type } from '@nestjs/common';
import { ROW_REPRESENTATIONS } from '../lists/list-rows.js';
import { RepresentedAs } from '../negotiation/route-representation.js';

/** Documents that a route accepts a token in either header. */
export function ApiToken(): ClassDecorator & MethodDecorator {
  return applyDecorators(ApiSecurity('token'), ApiSecurity('bearer'));
}

/**
 * Documents the results of a bulk request or of its dry run, with status 200.
 *
 * @param consequences additional members of the result of a dry run.
 */
export function ApiBulk(
  item: Type,
  consequences: ApiResponseSchemaHost['schema']['properties'] = {},
): MethodDecorator {
  const dryRun = {
    type: 'object',
    description: 'Result of a dry run.',
    required: ['count', 'sample'],
    properties: {
      count: {
        type: 'integer',
        description:
          'Number of distinct items in the request that exist and that the caller may see, including those that would not change.',
      },
      sample: {
        type: 'array',
        description: 'The first of them, as in the list.',
        items: { $ref: getSchemaPath(item) },
      },
      ...consequences,
    },
  };
  return applyDecorators(
    ApiExtraModels(item, BulkResultDto),
    ApiOkResponse({
      description: 'The result for each item. For a dry run, the number of items and a sample.',
      schema: { oneOf: [{ $ref: getSchemaPath(BulkResultDto) }, dryRun] },
    }),
  );
}

/** Offers and documents a list as pages with a cursor, and as rows. */
export function ApiCursorPage(item: Type): MethodDecorator {
  return applyDecorators(
    RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }),
    ApiExtraModels(item),
    ApiOkResponse({
      description:
        'One page of the list, with a Link to the next page if there is one. As CSV or NDJSON, the whole list.',
      schema: {
        type: 'object',
        required: ['items', 'size'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          size: { type: 'integer', description: 'Maximum number of items on a page.' },
        },
      },
    }),
  );
}

/** Offers and documents a short list as a whole, and as rows. */
export function ApiItems(list: Type): MethodDecorator {
  return applyDecorators(
    RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }),
    ApiOkResponse({ type: list, description: 'The whole list, without pages.' }),
  );
}

/** Offers and documents a list as pages, and as rows. */
export function ApiPage(item: Type): MethodDecorator {
  return applyDecorators(
    RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }),
    ApiExtraModels(item),
    ApiOkResponse({
      description: 'One page of the list, with Links to the other pages. As CSV or NDJSON, the whole list.',
      schema: {
        type: 'object',
        required: ['items', 'page', 'size', 'total'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          page: { type: 'integer', description: 'Number of the page, from 1.' },
          size: { type: 'integer', description: 'Maximum number of items on a page.' },
          total: { type: 'integer', description: 'Number of items on all pages.' },
        },
      },
    }),
  );
}
