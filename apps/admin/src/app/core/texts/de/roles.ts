import type { Texts } from '../texts';

export const roles: Texts['roles'] = {};
