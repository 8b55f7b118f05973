import { applyDecorators, type Type } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { ROW_REPRESENTATIONS } from '../../lists/list-rows.js';
import { RepresentedAs } from '../../negotiation/route-representation.js';

/** Offers a short list as a whole, and as rows of a file, and documents both. */
export function ApiItems(list: Type): MethodDecorator {
  return applyDecorators(
    RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }),
    ApiOkResponse({ type: list, description: 'All of the list; it has no pages.' }),
  );
}
