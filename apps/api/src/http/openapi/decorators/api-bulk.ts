import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, type ApiResponseSchemaHost, getSchemaPath } from '@nestjs/swagger';
import { BulkResultDto } from '@latchkey/auth-models';

/**
 * Documents what a bulk request did, or, of a dry run, would do. The route answers with 200.
 *
 * @param consequences what a dry run may tell beyond how many items there are.
 */
export function ApiBulk(
  item: Type,
  consequences: ApiResponseSchemaHost['schema']['properties'] = {},
): MethodDecorator {
  const dryRun = {
    type: 'object',
    description: 'What a dry run would be about.',
    required: ['count', 'sample'],
    properties: {
      count: {
        type: 'integer',
        description:
          'Number of distinct items in the request that exist and that the caller may see, whether or not they would change.',
      },
      sample: {
        type: 'array',
        description: 'The first few of them, as the list shows them.',
        items: { $ref: getSchemaPath(item) },
      },
      ...consequences,
    },
  };
  return applyDecorators(
    ApiExtraModels(item, BulkResultDto),
    ApiOkResponse({
      description: 'What was done to each item; or, of a dry run, how many there are and some of them.',
      schema: { oneOf: [{ $ref: getSchemaPath(BulkResultDto) }, dryRun] },
    }),
  );
}
