import { IsIn, IsString } from 'class-validator';
import { CLAIM_LINK_STATES, type ClaimLinkState } from '../../lists/enums.js';
import { CLAIM_LINK_SORT_FIELDS } from '../../lists/sort.js';
import { IsSort } from '../../validation/comma-separated.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ListQueryDto } from '../common/list-query.dto.js';

/** Query parameters of `GET /claim-links`. `q` searches notes and the names of users and issuers. */
export class ClaimLinkListQueryDto extends ListQueryDto {
  /** Fields to sort by, separated by commas, with `-` for descending order, such as `-creationTime,user`. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(CLAIM_LINK_SORT_FIELDS)
  sort?: string;

  /** Only links for tokens of this user, by name in any spelling. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;

  /** Only links in this state. */
  @IsOptionalNonNull()
  @IsIn(CLAIM_LINK_STATES)
  state?: ClaimLinkState;
}
