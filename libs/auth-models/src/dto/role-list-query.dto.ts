import { IsString } from 'class-validator';
import { IsSort } from '../validation/is-sort.decorator.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { ListQueryDto } from './list-query.dto.js';

/** The fields that `sort` of `GET /roles` takes. */
export const ROLE_SORT_FIELDS = ['name', 'description', 'isBuiltIn', 'userCount', 'creationTime'] as const;

/** One of {@link ROLE_SORT_FIELDS}. */
export type RoleSortField = (typeof ROLE_SORT_FIELDS)[number];

/** The query parameters of `GET /roles`. `q` searches name and description. */
export class RoleListQueryDto extends ListQueryDto {
  /** Fields with commas between, `-` before one for descending, such as `-creationTime,name`; not `permissions`, which is many values. */
  @IsOptionalNonNull()
  @IsString()
  @IsSort(ROLE_SORT_FIELDS)
  sort?: string;
}
