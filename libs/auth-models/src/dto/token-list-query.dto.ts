import { IsString } from 'class-validator';
import { IsSort } from '../validation/is-sort.decorator.js';
import { ListQueryDto } from './list-query.dto.js';
import { Omittable } from '../validation/omittable.decorator.js';

/** The fields that `sort` of a token list takes. */
export const TOKEN_SORT_FIELDS = ['note', 'kind', 'creationTime', 'expirationTime', 'lastUsageTime'] as const;

/** One of {@link TOKEN_SORT_FIELDS}. */
export type TokenSortField = (typeof TOKEN_SORT_FIELDS)[number];

/** The query parameters of `GET /me/tokens`. `q` searches note and token preview. */
export class TokenListQueryDto extends ListQueryDto {
  /** Fields with commas between, `-` before one for descending, such as `-creationTime`. */
  @Omittable()
  @IsString()
  @IsSort(TOKEN_SORT_FIELDS)
  sort?: string;
}
