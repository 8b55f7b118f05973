import { IsString } from 'class-validator';
import { TOKEN_TEMPLATE_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /token-templates`. `q` searches names and descriptions. */
export class TokenTemplateListQueryDto extends ListQueryDto {
  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,name`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(TOKEN_TEMPLATE_SORT_FIELDS)
  sort?: string;
}
