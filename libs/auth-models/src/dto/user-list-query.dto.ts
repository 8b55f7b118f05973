import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/built-in-roles.js';
import { USER_KINDS, type UserKind } from '../lists/user-kinds.js';
import { BooleanParameter, IntegerParameter } from '../validation/query-values.js';
import { IsSort } from '../validation/is-sort.decorator.js';
import { ListQueryDto } from './list-query.dto.js';
import { Omittable } from '../validation/omittable.decorator.js';

/** The fields that `sort` of `GET /users` takes. */
export const USER_SORT_FIELDS = [
  'name',
  'displayName',
  'email',
  'kind',
  'enabled',
  'creationTime',
  'lastLoginTime',
] as const;

/** One of {@link USER_SORT_FIELDS}. */
export type UserSortField = (typeof USER_SORT_FIELDS)[number];

/** The query parameters of `GET /users`. `q` searches name, display name and e-mail address. */
export class UserListQueryDto extends ListQueryDto {
  /** Fields with commas between, `-` before one for descending, such as `-lastLoginTime,name`. */
  @Omittable()
  @IsString()
  @IsSort(USER_SORT_FIELDS)
  sort?: string;

  /** Only this kind. */
  @Omittable()
  @IsIn(USER_KINDS)
  kind?: UserKind;

  /** Only enabled, or only disabled, users. */
  @Omittable()
  @BooleanParameter()
  @IsBoolean()
  enabled?: boolean;

  /** Only holders of this role. */
  @Omittable()
  @Matches(ROLE_NAME_PATTERN, { message: ROLE_NAME_MESSAGE })
  role?: string;

  /** Only users who never, or who at some time, logged in. */
  @Omittable()
  @BooleanParameter()
  @IsBoolean()
  neverLoggedIn?: boolean;

  /** Only users whose last log-in is at least this many days ago. */
  @Omittable()
  @IntegerParameter()
  @IsInt()
  @Min(1)
  @Max(36_500)
  inactiveDays?: number;
}
