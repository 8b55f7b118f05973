import { IsInt, IsString, Max, Min } from 'class-validator';
import { PAGE_MAX, PAGE_SIZE_MAX } from '../limits.js';
import { IsSort } from '../validation/is-sort.decorator.js';
import { WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ParseBoolean, ParseInteger } from '../validation/query-values.js';
import { UserTokenFilterDto } from './user-token-filter.dto.js';

/** The fields that `sort` of a token list takes. */
export const TOKEN_SORT_FIELDS = [
  'user',
  'note',
  'kind',
  'enabled',
  'state',
  'creationTime',
  'expirationTime',
  'lastUsageTime',
] as const;

/** One of {@link TOKEN_SORT_FIELDS}. */
export type TokenSortField = (typeof TOKEN_SORT_FIELDS)[number];

/** The query parameters of lists of one user's tokens. */
export class UserTokenListQueryDto extends UserTokenFilterDto {
  /** Number of the page, from 1. */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(PAGE_MAX)
  page?: number;

  /** Items on a page. */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(PAGE_SIZE_MAX)
  size?: number;

  /** Fields with commas between, `-` before one for descending, such as `-lastUsageTime,user`; not `permissions`, which is many values. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(TOKEN_SORT_FIELDS)
  sort?: string;

  // A query string has texts only, where the filter has values.

  /** Only tokens that are switched on, or off, themselves. */
  @ParseBoolean()
  override enabled?: boolean;

  /** Only tokens that have not been used for at least this many days; those never used, since they were made. */
  @ParseInteger()
  override unusedSinceDays?: number;

  /** Only tokens that were never, or at some time, used. */
  @ParseBoolean()
  override neverUsed?: boolean;

  /** Only tokens without, or with, an absolute end. */
  @ParseBoolean()
  override noExpiry?: boolean;

  /** Only tokens of users who are disabled, or enabled. */
  @ParseBoolean()
  override ownerDisabled?: boolean;

  /** Only tokens whose secret before the last rotation still works, or not. */
  @ParseBoolean()
  override inGrace?: boolean;
}
