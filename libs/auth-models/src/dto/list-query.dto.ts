import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { PAGE_MAX, PAGE_SIZE_MAX, SEARCH_MAX_LENGTH } from '../limits.js';
import { IsSingleLine } from '../validation/is-single-line.decorator.js';
import { WHOLE_NUMBER } from '../validation/messages.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ParseInteger } from '../validation/query-values.js';

/** The query parameters that every paged list takes. */
export class ListQueryDto {
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

  /** A case-insensitive part of what the list's items are called. */
  @IsOptionalNonNull()
  @IsString()
  @IsSingleLine()
  @MaxLength(SEARCH_MAX_LENGTH)
  q?: string;
}
