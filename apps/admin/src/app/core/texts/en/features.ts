import { account } from './account';
import { audit } from './audit';
import { home } from './home';
import { roles } from './roles';
import { settings } from './settings';

/** Texts that only some features show. */
export const EN_FEATURES = {
  account,
  audit,
  home,
  roles,
  settings,
};
