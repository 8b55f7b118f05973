import { IsIn, IsString } from 'class-validator';
import { TOKEN_REQUEST_STATUSES, type TokenRequestStatus } from '../../lists/enums.js';
import { TOKEN_REQUEST_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /me/token-requests`. `q` searches templates, notes, reasons and names of users. */
export class MyTokenRequestListQueryDto extends ListQueryDto {
  /** Only requests with this status. */
  @IsOptionalNonNull()
  @IsIn(TOKEN_REQUEST_STATUSES)
  status?: TokenRequestStatus;

  /** Fields to sort by, separated by commas, with `-` for descending order, such as `template,-creationTime`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(TOKEN_REQUEST_SORT_FIELDS)
  sort?: string;
}

/** Query parameters of `GET /token-requests`. */
export class TokenRequestListQueryDto extends MyTokenRequestListQueryDto {
  /** Only requests of this user, by name in any spelling. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;
}
