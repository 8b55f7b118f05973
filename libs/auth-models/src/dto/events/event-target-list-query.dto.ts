import { IsBoolean, IsString } from 'class-validator';
import { EVENT_TARGET_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseBoolean } from '../../validation/query-parameters.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /event-targets`. `q` searches names, URLs and addresses. */
export class EventTargetListQueryDto extends ListQueryDto {
  /**
   * `true`: only targets that the server disabled, and enabled ones whose deliveries have failed for at least
   * a day. `false`: all others.
   */
  @IsOptionalNonNull()
  @ParseBoolean()
  @IsBoolean(TRUE_OR_FALSE)
  failing?: boolean;

  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,name`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(EVENT_TARGET_SORT_FIELDS)
  sort?: string;
}
