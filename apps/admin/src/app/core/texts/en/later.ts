import { account } from './account';
import { audit } from './audit';
import { home } from './home';
import { roles } from './roles';
import { settings } from './settings';

/** What only the pages say in English that have words of their own. */
export const EN_LATER = {
  account,
  audit,
  home,
  roles,
  settings,
};
