import {
  ApiExtraModels,
  ApiOkResponse,
  ApiProperty,
  type ApiResponseSchemaHost,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import { BulkResultDto } from '@latchkey/auth-models';
import { applyDecorators, type Type } from '@nestjs/common';
import { SendsList } from '../lists/send-list.js';

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
    SendsList(),
    ApiOkResponse({
      description:
        'One page of the list, with a Link to the next page if there is one. As CSV or NDJSON, the whole list.',
      type: pageOf(item, { size: PAGE_MEMBERS.size }),
    }),
  );
}

/** Offers and documents a short list as a whole, and as rows. */
export function ApiItems(list: Type): MethodDecorator {
  return applyDecorators(
    SendsList(),
    ApiOkResponse({ type: list, description: 'The whole list, without pages.' }),
  );
}

/** Offers and documents a list as pages, and as rows. */
export function ApiPage(item: Type): MethodDecorator {
  return applyDecorators(
    SendsList(),
    ApiOkResponse({
      description: 'One page of the list, with Links to the other pages. As CSV or NDJSON, the whole list.',
      type: pageOf(item, PAGE_MEMBERS),
    }),
  );
}

const PAGE_MEMBERS = {
  page: 'Number of the page, from 1.',
  size: 'Maximum number of items on a page.',
  total: 'Number of items on all pages.',
};

const pages = new Map<Type, Type>();

/**
 * Returns the class of the pages of a list. The OpenAPI plugin cannot describe generic classes, and generated
 * clients get exact types from named schemas: `UserPageDto` with items of `UserDto`.
 */
function pageOf(item: Type, members: Partial<typeof PAGE_MEMBERS>): Type {
  let page = pages.get(item);
  if (!page) {
    const name = item.name.replace(/(Dto)?$/, 'PageDto');
    page = { [name]: class {} }[name] as Type;
    ApiProperty({ type: [item] })(page.prototype as object, 'items');
    for (const [member, description] of Object.entries(members)) {
      ApiProperty({ type: 'integer', description })(page.prototype as object, member);
    }
    pages.set(item, page);
  }
  return page;
}
