import { IsString } from 'class-validator';
import { EVENT_TARGET_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /event-targets`. `q` searches names, URLs and addresses. */
export class EventTargetListQueryDto extends ListQueryDto {
  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,name`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(EVENT_TARGET_SORT_FIELDS)
  sort?: string;
}
