import { IsString } from 'class-validator';
import { ROLE_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsDateTime } from '../../validation/date-time.js';
import { IsPermission } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /roles`. `q` searches names and descriptions. */
export class RoleListQueryDto extends ListQueryDto {
  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,name`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(ROLE_SORT_FIELDS)
  sort?: string;

  /** Only roles that grant this permission. */
  @IsOptionalNonNull()
  @IsPermission()
  permission?: string;

  /** Only roles created at or after this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdFrom?: string;

  /** Only roles created before this time, RFC 3339 with a time zone. */
  @IsOptionalNonNull()
  @IsDateTime()
  createdTo?: string;
}
