import type { CreateRoleDto, RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import { injectResources } from '../shared/resources';

/** Returns a client of the endpoints for roles. */
export const injectRoles = () => injectResources<RoleDto, CreateRoleDto, UpdateRoleDto>('/roles');
