import { IsBoolean, IsString } from 'class-validator';
import { API_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsDateTime } from '../../validation/date-time.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean } from '../../validation/query-parameters.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /apis`. `q` searches names, descriptions and permissions. */
export class ApiListQueryDto extends ListQueryDto {
  /** `true`: only APIs that are part of the server. `false`: only all others. */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  isBuiltIn?: boolean;

  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,name`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(API_SORT_FIELDS)
  sort?: string;

  /** Only APIs registered at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdFrom?: string;

  /** Only APIs registered before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdTo?: string;
}
