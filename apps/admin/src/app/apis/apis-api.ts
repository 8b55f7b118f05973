import type { ApiDto, CreateApiDto, UpdateApiDto } from '@latchkey/auth-models';
import { injectResources } from '../shared/resources';

/** Returns a client of the endpoints for APIs. */
export const injectApis = () => injectResources<ApiDto, CreateApiDto, UpdateApiDto>('/apis');

/** Parameters of a change that also removes deleted permissions from the roles and tokens that use them. */
export const FORCE = { force: true };
